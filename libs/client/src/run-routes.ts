import { accepted } from './retry.js';

type Fetch = typeof globalThis.fetch;

/** How the caller authenticates: what its own requests carry besides their bodies. */
export interface Credentials {
  readonly headers: Headers;
  readonly credentials?: 'include' | 'omit' | 'same-origin' | undefined;
}

interface RunSummary {
  readonly id: string;
  readonly state: string;
}

/** The server's routes of runs, which are below the URL of its protocol endpoint. */
export class RunRoutes {
  readonly #base: string;

  constructor(
    private readonly fetch: Fetch,
    chatUrl: string,
  ) {
    this.#base = chatUrl.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  }

  /** Rejects with `RefusedError`, or with an error after which a retry makes sense. */
  async events(runId: string, cursor: string | undefined, as: Credentials, signal: AbortSignal): Promise<Response> {
    const { fetch } = this;
    const headers = new Headers(as.headers);
    if (cursor !== undefined) headers.set('last-event-id', cursor);
    const path = `${this.#base}/runs/${encodeURIComponent(runId)}/events`;
    return accepted(await fetch(path, { ...as, headers, signal }));
  }

  /** `keepalive`: the request arrives also if the page is left right after. */
  async cancel(runId: string, as: Credentials): Promise<void> {
    const { fetch } = this;
    const path = `${this.#base}/runs/${encodeURIComponent(runId)}/cancel`;
    const response = await accepted(await fetch(path, { ...as, method: 'POST', keepalive: true }));
    await response.body?.cancel();
  }

  /** The thread's oldest run that has not settled: the working one, if there is one. */
  async findLive(threadId: string, as: Credentials, signal?: AbortSignal): Promise<string | undefined> {
    const { fetch } = this;
    const path = `${this.#base}/threads/${encodeURIComponent(threadId)}/runs`;
    const response = await accepted(await fetch(path, { ...as, signal: signal ?? null }));
    const { data } = (await response.json()) as { data: readonly RunSummary[] };
    const live = data.filter(({ state }) => state === 'working' || state === 'queued');
    return (live.findLast(({ state }) => state === 'working') ?? live.at(-1))?.id;
  }
}
