import { type ChatKitRequest, isStreaming, readRequest } from './chatkit-request.js';
import { createdThreadId } from './created-thread-id.js';
import { KEY_HEADER, newKey, runIdOf, SHIM } from './headers.js';
import { type Fetch, type RelayOptions, type RelaySettings, relaySettings } from './relay-options.js';
import { accepted, isUnavailable, never, RefusedError, retried, UnavailableError } from './retry.js';
import { RunBody, type RunBodyOptions } from './run-body.js';
import { type Credentials, RunRoutes } from './run-routes.js';
import { Stops } from './stops.js';

/** A run that somebody else has started, or this page before it was reloaded. */
export interface FollowedRun {
  readonly runId: string;
  /** Frames of the protocol. Cancelling or aborting it does not stop the run. */
  readonly body: ReadableStream<Uint8Array>;
  /** Stops the answer. */
  cancel(): Promise<void>;
}

interface Run {
  id: string;
  threadId: string | undefined;
  readonly routes: RunRoutes;
  readonly as: Credentials;
}

/** A new message is retried for less long than a stream of which the person sees a part already. */
const SEND_TRIES = 4;

/** What a page or a program knows about its runs. */
export class RelayClient {
  readonly #settings: RelaySettings;
  readonly #stops = new Stops();
  /** Runs whose streams are being read in this page. */
  readonly #reading = new Set<string>();

  constructor(options: RelayOptions) {
    this.#settings = relaySettings(options);
  }

  async fetch(...args: Parameters<Fetch>): Promise<Response> {
    const request = await readRequest(...args);
    const { fetch: below } = this.#settings;
    if (!request) return below(...args);
    await this.#announce(request.init.headers);
    return isStreaming(request)
      ? this.#send(request)
      : below(request.url, { ...request.init, signal: request.signal ?? null });
  }

  async follow(threadId: string, signal = never()): Promise<FollowedRun | undefined> {
    const remembered = this.#settings.memory.get(threadId);
    if (remembered !== undefined) {
      if (this.#reading.has(remembered)) return undefined;
      const followed = await this.#follow(remembered, threadId, signal);
      if (followed) return followed;
    }
    const runId = await this.#findLive(threadId, signal);
    return runId === undefined || this.#reading.has(runId) ? undefined : this.#follow(runId, threadId, signal);
  }

  async cancel(threadId: string): Promise<boolean> {
    const runId = await this.#findLive(threadId, never());
    if (runId !== undefined) await this.#stop(await this.#runOf(runId, threadId));
    return runId !== undefined;
  }

  async #send(request: ChatKitRequest): Promise<Response> {
    const { headers } = request.init;
    if (!headers.has(KEY_HEADER)) headers.set(KEY_HEADER, newKey());
    // A message that is sent right after a stop must reach the server after it.
    await this.#stops.known();
    request.signal?.throwIfAborted();
    const connection = new AbortController();
    const answering = this.#sendUntilAnswered(request, connection.signal);
    const left = whenAborted(request.signal);
    const response = await Promise.race([answering, left]).catch((error: unknown) => {
      if (request.signal?.aborted) this.#leaveEarly(request, answering, connection);
      throw error;
    });
    const runId = runIdOf(response);
    if (runId === undefined) {
      request.signal?.addEventListener('abort', () => connection.abort(request.signal?.reason));
      return response;
    }
    const { status, statusText } = response;
    const body = this.#read(request, response, runId);
    return new Response(body, { status, statusText, headers: response.headers });
  }

  /** With one key for all tries: a server that has the message already answers with the run that it started. */
  async #sendUntilAnswered(request: ChatKitRequest, connection: AbortSignal): Promise<Response> {
    const { fetch: below } = this.#settings;
    try {
      return await retried(
        { ...this.#settings.retry, attempts: SEND_TRIES - 1 },
        request.signal ?? connection,
        async () => {
          const response = await below(request.url, { ...request.init, signal: connection });
          if (isUnavailable(response)) throw new UnavailableError(response);
          return response;
        },
      );
    } catch (error) {
      if (error instanceof UnavailableError) return error.response;
      throw error;
    }
  }

  /** The message is being sent: its run is stopped as soon as its id is known. */
  #leaveEarly(request: ChatKitRequest, answering: Promise<Response>, connection: AbortController): void {
    const isLeaving = this.#settings.isLeaving();
    if (isLeaving) connection.abort();
    const stop = async (): Promise<void> => {
      const response = await answering.catch(() => undefined); // as far as is known, no run was started
      const runId = response && runIdOf(response);
      connection.abort();
      if (runId !== undefined && !isLeaving) await this.#stop(this.#runOfRequest(request, runId));
    };
    this.#stops.add(stop());
  }

  #read(request: ChatKitRequest, first: Response, runId: string): ReadableStream<Uint8Array> {
    const run = this.#runOfRequest(request, runId);
    const { signal } = request;
    const body = this.#body(run, {
      first,
      connect: (cursor, connection) =>
        cursor === undefined
          ? this.#sendAgain(request, run, connection)
          : run.routes.events(run.id, cursor, run.as, connection),
      onLeft: () => {
        if (!this.#settings.isLeaving()) this.#stops.add(this.#stop(run));
      },
    });
    if (signal?.aborted) body.abort(signal.reason);
    else signal?.addEventListener('abort', () => body.abort(signal.reason), { once: true });
    return body.stream;
  }

  /** The connection broke before the first mark. */
  async #sendAgain(request: ChatKitRequest, run: Run, signal: AbortSignal): Promise<Response> {
    const { fetch: below } = this.#settings;
    const response = await accepted(await below(request.url, { ...request.init, signal }));
    run.id = runIdOf(response) ?? run.id;
    return response;
  }

  /** Undefined if the server no longer knows the run. */
  async #follow(runId: string, threadId: string, signal: AbortSignal): Promise<FollowedRun | undefined> {
    const run = await this.#runOf(runId, threadId);
    const connect: RunBodyOptions['connect'] = (cursor, connection) =>
      run.routes.events(run.id, cursor, run.as, connection);
    const first = await retried(this.#settings.retry, signal, () => connect(undefined, signal)).catch(
      (error: unknown) => {
        if (error instanceof RefusedError && error.status === 404) return undefined;
        throw error;
      },
    );
    if (!first) {
      this.#settings.memory.forget(threadId, runId);
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
    if (run.threadId !== undefined) this.#settings.memory.set(run.threadId, run.id);
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
    if (run.threadId !== undefined) this.#settings.memory.set(run.threadId, run.id);
  }

  /** Resolves also if the server could not be reached: the run continues then, and is still remembered. */
  async #stop(run: Run): Promise<void> {
    try {
      await retried({ ...this.#settings.retry, attempts: SEND_TRIES - 1 }, never(), () =>
        run.routes.cancel(run.id, run.as),
      );
      this.#forget(run);
    } catch (error) {
      if (error instanceof RefusedError) this.#forget(run);
    }
  }

  #forget({ id, threadId }: Run): void {
    if (threadId !== undefined) this.#settings.memory.forget(threadId, id);
  }

  async #findLive(threadId: string, signal: AbortSignal): Promise<string | undefined> {
    const { routes, as } = await this.#runOf('', threadId);
    return retried(this.#settings.retry, signal, () => routes.findLive(threadId, as, signal));
  }

  async #runOf(id: string, threadId: string): Promise<Run> {
    const headers = await this.#announce(new Headers());
    return { id, threadId, routes: new RunRoutes(this.#settings.fetch, this.#settings.url), as: { headers } };
  }

  #runOfRequest({ url, init, threadId }: ChatKitRequest, id: string): Run {
    const headers = new Headers(init.headers);
    for (const name of [KEY_HEADER, 'content-type', 'content-length', 'accept']) headers.delete(name);
    return {
      id,
      threadId,
      routes: new RunRoutes(this.#settings.fetch, url),
      as: { headers, credentials: init.credentials },
    };
  }

  async #announce(headers: Headers): Promise<Headers> {
    for (const [name, value] of Object.entries(await this.#settings.headers())) headers.set(name, value);
    headers.set(SHIM.name, SHIM.value);
    return headers;
  }
}

function whenAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
