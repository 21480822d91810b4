import { accepted } from './retry.js';

type Fetch = typeof globalThis.fetch;
type FetchInit = NonNullable<Parameters<Fetch>[1]>;

/** How the caller authenticates: what its own requests carry besides their bodies. */
export type Caller = () => Promise<FetchInit & { readonly headers: Headers }>;

interface RunSummary {
  readonly id: string;
  readonly state: string;
}

/** A request to stop a run is answered at once; without an answer it is sent again. */
const CANCEL_MS = 10_000;

/** The server's routes of runs, which are below the URL of its protocol endpoint. */
export class RunRoutes {
  readonly #base: string;

  constructor(
    private readonly fetch: Fetch,
    chatUrl: string,
    private readonly caller: Caller,
  ) {
    this.#base = chatUrl.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  }

  /** Rejects with `RefusedError`, or with an error after which a retry makes sense. */
  async events(runId: string, cursor: string | undefined, signal: AbortSignal): Promise<Response> {
    const caller = await this.caller();
    if (cursor !== undefined) caller.headers.set('last-event-id', cursor);
    return this.#request(`/runs/${encodeURIComponent(runId)}/events`, { ...caller, signal });
  }

  /** `keepalive`: the request arrives also if the page is left right after. */
  async cancel(runId: string): Promise<void> {
    const signal = AbortSignal.timeout(CANCEL_MS);
    const init = { ...(await this.caller()), method: 'POST', keepalive: true, signal };
    const response = await this.#request(`/runs/${encodeURIComponent(runId)}/cancel`, init);
    await response.body?.cancel();
  }

  /** The thread's oldest run that has not settled: the working one, if there is one. */
  async findLive(threadId: string, signal: AbortSignal): Promise<string | undefined> {
    const response = await this.#request(`/threads/${encodeURIComponent(threadId)}/runs`, {
      ...(await this.caller()),
      signal,
    });
    const { data } = (await response.json()) as { data: readonly RunSummary[] };
    const live = data.filter(({ state }) => state === 'working' || state === 'queued');
    return (live.findLast(({ state }) => state === 'working') ?? live.at(-1))?.id;
  }

  async #request(path: string, init: FetchInit): Promise<Response> {
    const { fetch } = this;
    return accepted(await fetch(this.#base + path, init));
  }
}
