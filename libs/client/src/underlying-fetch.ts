import { SHIM } from './headers.js';

type Fetch = typeof globalThis.fetch;

const IS_SHIM = Symbol.for('@chatkit-relay/client');

/** Marks a function as the shim, so that no shim takes another one for the network. */
export function markAsShim<T extends Fetch>(shim: T): T {
  return Object.assign(shim, { [IS_SHIM]: true });
}

const isShim = (fetch: Fetch): boolean => IS_SHIM in fetch;

let shims = 0;

/**
 * The `fetch` below the shim: the given one, or the global one, also one that takes its place later. The shim itself, or
 * a function that calls it, may stand there as well: a request that comes back is handed to the `fetch` that was global
 * when the shim was created.
 */
export class UnderlyingFetch {
  #mark: string | undefined;
  readonly #original = globalThis.fetch;
  /** Requests to other servers, which get no mark, that are being passed on: by method and URL. */
  readonly #passing = new Set<string>();

  constructor(private readonly given: Fetch | undefined) {}

  /**
   * Announces the shim to the server, and tells its own requests from others. Made with the first request: a shim may be created
   * while a page is rendered ahead of time, where nothing may be random.
   */
  get mark(): string {
    this.#mark ??= `${SHIM.value} ${(shims += 1).toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    return this.#mark;
  }

  /** For requests with our mark. */
  readonly fetch: Fetch = (...request) => this.#next()(...request);

  /**
   * For a request to the server that is not ours: another shim's, or an upload and the like. If it has our mark, it has passed
   * this shim already.
   */
  passMarked(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1], headers: Headers): Promise<Response> {
    const marks = headers.get(SHIM.name) ?? '';
    const { mark } = this;
    if (marks.includes(mark)) return call(this.#original, input, init);
    const marked = new Headers(headers);
    marked.set(SHIM.name, `${marks} ${mark}`.trimStart());
    return call(this.#next(), input, { ...init, headers: marked });
  }

  /**
   * For a request to another server, such as an object store: nothing is added to it, which its signature, or CORS, might not
   * allow. Two of the same method and URL at once are taken for one that has come back.
   */
  async pass(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Promise<Response> {
    const name = nameOf(input, init);
    if (this.#passing.has(name)) return call(this.#original, input, init);
    this.#passing.add(name);
    try {
      return await call(this.#next(), input, init);
    } finally {
      this.#passing.delete(name);
    }
  }

  #next(): Fetch {
    if (this.given) return this.given;
    return isShim(globalThis.fetch) ? this.#original : globalThis.fetch;
  }
}

/** As a plain function: browsers refuse a `fetch` that is called as a method of anything but the window. */
const call = (fetch: Fetch, input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Promise<Response> =>
  fetch(input, init);

function nameOf(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): string {
  const request = typeof input === 'object' && 'method' in input ? input : undefined;
  return `${init?.method ?? request?.method ?? 'GET'} ${request?.url ?? String(input)}`;
}
