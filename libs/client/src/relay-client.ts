import { type ChatKitRequest, isStreaming, readRequest } from './chatkit-request.js';
import { createdThreadId } from './created-thread-id.js';
import { KEY_HEADER, newKey, runIdOf, SHIM } from './headers.js';
import { type Fetch, type RelayOptions, type RelaySettings, relaySettings } from './relay-options.js';
import { accepted, never, RefusedError, retried } from './retry.js';
import { RunBody, type RunBodyOptions } from './run-body.js';
import { RunMemory } from './run-memory.js';
import { type Caller, RunRoutes } from './run-routes.js';
import { isServerRoute } from './server-routes.js';
import { Sending } from './sending.js';
import { Stops } from './stops.js';
import { UnderlyingFetch } from './underlying-fetch.js';

/** A run that somebody else has started, or this page before it was reloaded. */
export interface FollowedRun {
  readonly runId: string;
  /** Frames of the protocol. Cancelling or aborting it does not stop the run. */
  readonly body: ReadableStream<Uint8Array>;
  /** Stops the answer; resolves when it was tried. Without a network it is tried again until there is one. */
  cancel(): Promise<void>;
}

interface Run {
  id: string;
  threadId: string | undefined;
  /** URL of the protocol endpoint. */
  readonly url: string;
  readonly routes: RunRoutes;
}

type RequestInit = ChatKitRequest['init'];

/** What a page or a program knows about its runs. */
export class RelayClient {
  readonly #settings: RelaySettings;
  readonly #below: UnderlyingFetch;
  readonly #memory: RunMemory;
  readonly #stops: Stops;
  /** Runs whose streams are being read in this page. */
  readonly #reading = new Set<string>();

  constructor(options: RelayOptions) {
    this.#settings = relaySettings(options);
    const { fetch, retry, storage } = this.#settings;
    this.#below = new UnderlyingFetch(fetch);
    this.#memory = new RunMemory(storage);
    this.#stops = new Stops(retry, storage);
    for (const { id, threadId, url } of this.#stops.remembered()) void this.#stop(this.#runOf(id, threadId, url));
  }

  async fetch(...[input, init]: Parameters<Fetch>): Promise<Response> {
    const request = await readRequest(this.#settings.url, input, init);
    if (!request) return this.#pass(input, init);
    const { headers } = request.init;
    if (headers.has(SHIM.name)) return this.#below.passMarked(input, init, headers);
    if (isStreaming(request)) return this.#send(request);
    await this.#stops.sentSoon();
    return this.#post(request, request.signal ?? null);
  }

  /** Uploads and the like: those to the server carry the caller's credentials. */
  async #pass(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Promise<Response> {
    const request = typeof input === 'object' && 'clone' in input ? input : undefined;
    const { url, credentials } = this.#settings;
    if (!isServerRoute(url, request?.url ?? String(input))) return this.#below.pass(input, init);
    const headers = await this.#authorized(init?.headers ?? request?.headers);
    return this.#below.passMarked(input, { ...init, credentials: init?.credentials ?? credentials }, headers);
  }

  async follow(threadId: string, signal = never()): Promise<FollowedRun | undefined> {
    await this.#stops.sentSoon();
    const remembered = this.#memory.get(threadId);
    if (remembered !== undefined) {
      if (this.#reading.has(remembered)) return undefined;
      const followed = await this.#follow(remembered, threadId, signal);
      if (followed) return followed;
    }
    const runId = await this.#findLive(threadId, signal);
    return runId === undefined || this.#reading.has(runId) ? undefined : this.#follow(runId, threadId, signal);
  }

  async cancel(threadId: string): Promise<boolean> {
    const remembered = this.#memory.get(threadId) ?? '';
    const runId = this.#reading.has(remembered) ? remembered : await this.#findLive(threadId, never());
    if (runId !== undefined) await this.#stop(this.#runOf(runId, threadId));
    return runId !== undefined;
  }

  async #send(request: ChatKitRequest): Promise<Response> {
    const { headers } = request.init;
    if (!headers.has(KEY_HEADER)) headers.set(KEY_HEADER, newKey());
    request.signal?.throwIfAborted();
    const stops = this.#stops.pending();
    const sending = new Sending(this.#settings.sendRetry, {
      // A message that is sent after a stop must reach the server after it.
      before: () => this.#stops.sent(stops),
      post: (signal) => this.#post(request, signal),
    });
    const left = whenAborted(request.signal);
    const response = await Promise.race([sending.answer, left]).catch((error: unknown) => {
      if (request.signal?.aborted) this.#leaveEarly(request, sending);
      throw error;
    });
    const runId = runIdOf(response);
    if (runId === undefined) {
      request.signal?.addEventListener('abort', () => sending.end(request.signal?.reason));
      return response;
    }
    const { status, statusText } = response;
    const body = this.#read(request, response, runId);
    return new Response(body, { status, statusText, headers: response.headers });
  }

  async #post({ url, init }: ChatKitRequest, signal: AbortSignal | null): Promise<Response> {
    return this.#below.fetch(url, { ...(await this.#announced(init)), signal });
  }

  /** The server may have the message: its run is stopped as soon as its id is known. */
  #leaveEarly(request: ChatKitRequest, sending: Sending): void {
    if (!sending.wasTried || this.#settings.isLeaving()) return sending.end();
    let run: Run | undefined;
    const stop = async (): Promise<void> => {
      const response = await sending.answer.catch(() => undefined); // as far as is known, no run was started
      sending.end();
      const runId = response && runIdOf(response);
      if (runId === undefined) return;
      run ??= this.#runOfRequest(request, runId);
      this.#stops.remember(run);
      await this.#cancel(run);
    };
    void this.#stops.add(stop);
  }

  #read(request: ChatKitRequest, first: Response, runId: string): ReadableStream<Uint8Array> {
    const run = this.#runOfRequest(request, runId);
    const { signal } = request;
    const body = this.#body(run, {
      first,
      connect: (cursor, connection) =>
        cursor === undefined
          ? this.#sendAgain(request, run, connection)
          : run.routes.events(run.id, cursor, connection),
      onLeft: () => {
        if (!this.#settings.isLeaving()) void this.#stop(run);
      },
    });
    if (signal?.aborted) body.abort(signal.reason);
    else signal?.addEventListener('abort', () => body.abort(signal.reason), { once: true });
    return body.stream;
  }

  /** The connection broke before the first mark. */
  async #sendAgain(request: ChatKitRequest, run: Run, signal: AbortSignal): Promise<Response> {
    const response = await accepted(await this.#post(request, signal));
    run.id = runIdOf(response) ?? run.id;
    return response;
  }

  /** Undefined if the server no longer knows the run. */
  async #follow(runId: string, threadId: string, signal: AbortSignal): Promise<FollowedRun | undefined> {
    const run = this.#runOf(runId, threadId);
    const connect: RunBodyOptions['connect'] = (cursor, connection) => run.routes.events(run.id, cursor, connection);
    const first = await retried(this.#settings.retry, signal, () => connect(undefined, signal)).catch(
      (error: unknown) => {
        if (error instanceof RefusedError && error.status === 404) return undefined;
        throw error;
      },
    );
    if (!first) {
      this.#memory.forget(threadId, runId);
      return undefined;
    }
    const body = this.#body(run, { first, connect, onLeft: () => undefined });
    signal.addEventListener('abort', () => body.abort(signal.reason), { once: true });
    return { runId, body: body.stream, cancel: () => this.#stop(run) };
  }

  #body(
    run: Run,
    { first, connect, onLeft }: Pick<RunBodyOptions, 'first' | 'connect'> & { readonly onLeft: () => void },
  ): RunBody {
    this.#reading.add(run.id);
    if (run.threadId !== undefined) this.#memory.set(run.threadId, run.id);
    return new RunBody({
      first,
      connect,
      retry: this.#settings.retry,
      silenceMs: this.#settings.silenceMs,
      onFrames: (frames) => this.#learnThread(run, frames),
      onClosed: (how) => {
        this.#reading.delete(run.id);
        if (how === 'ended') this.#forget(run);
        if (how === 'left') onLeft();
      },
    });
  }

  #learnThread(run: Run, frames: Uint8Array): void {
    if (run.threadId !== undefined) return;
    run.threadId = createdThreadId(frames);
    if (run.threadId !== undefined) this.#memory.set(run.threadId, run.id);
  }

  /** Resolves when it was tried. If the server could not be reached, it is kept, and tried again until it can. */
  #stop(run: Run): Promise<void> {
    this.#stops.remember(run);
    return this.#stops.add(() => this.#cancel(run));
  }

  async #cancel(run: Run): Promise<void> {
    try {
      await run.routes.cancel(run.id);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error; // refused: it is over, or somebody else's
    }
    this.#stops.forget(run);
    this.#forget(run);
  }

  #forget({ id, threadId }: Run): void {
    if (threadId !== undefined) this.#memory.forget(threadId, id);
  }

  #findLive(threadId: string, signal: AbortSignal): Promise<string | undefined> {
    const { routes } = this.#runOf('', threadId);
    return retried(this.#settings.retry, signal, () => routes.findLive(threadId, signal));
  }

  #runOf(id: string, threadId: string | undefined, url = this.#settings.url): Run {
    return this.#run(id, threadId, url, { headers: new Headers() });
  }

  #runOfRequest({ endpoint, init, threadId }: ChatKitRequest, id: string): Run {
    const {
      headers: given,
      method: _method,
      body: _body,
      keepalive: _keepalive,
      integrity: _integrity,
      ...rest
    } = init;
    const headers = new Headers(given);
    for (const name of [KEY_HEADER, 'content-type', 'content-length', 'accept']) headers.delete(name);
    return this.#run(id, threadId, endpoint, { ...rest, headers });
  }

  #run(id: string, threadId: string | undefined, url: string, as: RequestInit): Run {
    const caller: Caller = () => this.#announced(as);
    return { id, threadId, url, routes: new RunRoutes(this.#below.fetch, url, caller) };
  }

  /** For each try anew: a token that has expired in the meantime is replaced. */
  async #announced(init: RequestInit): Promise<RequestInit> {
    const headers = await this.#authorized(init.headers);
    headers.set(SHIM.name, this.#below.mark);
    return { ...init, credentials: init.credentials ?? this.#settings.credentials, headers };
  }

  async #authorized(given: ConstructorParameters<typeof Headers>[0]): Promise<Headers> {
    const headers = new Headers(given);
    for (const [name, value] of Object.entries(await this.#settings.headers())) headers.set(name, value);
    return headers;
  }
}

function whenAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
