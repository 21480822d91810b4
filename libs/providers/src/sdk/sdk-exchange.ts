import type { HttpRequest, HttpResponse } from '../http/http-client.js';
import { operatorDetail } from '../http/operator-detail.js';
import { ProviderError, type ProviderErrorInit } from '../spec/provider-error.js';
import type { Transport } from '../wire/transport.js';

type Ref = ProviderErrorInit['ref'];

/** What an SDK is asked with. */
export interface SdkOptions {
  readonly signal: AbortSignal;
}

/**
 * A vendor's SDK writes a request, and our transport sends it. `Shown` is what the SDK believes to be the response: an object
 * without a body, which stands for the real response on its way through the SDK.
 */
export class SdkExchange<Shown extends object> {
  readonly #responses = new WeakMap<Shown, HttpResponse>();

  constructor(private readonly transport: Transport) {}

  get secrets(): readonly string[] {
    return this.transport.secrets;
  }

  /**
   * The response to the request that `ask` makes with the SDK, unread.
   * @throws ProviderError unless the status is 2xx, or `signal.reason` once aborted
   */
  send(ask: (options: SdkOptions) => Promise<Shown>, ref: Ref, signal: AbortSignal): Promise<HttpResponse> {
    return this.transport.exchange(ref, signal, () => this.#asked(ask, ref, signal));
  }

  /** The whole body of the response. @throws what `send` throws; ProviderError for a body that breaks off */
  async read(ask: (options: SdkOptions) => Promise<Shown>, ref: Ref, signal: AbortSignal): Promise<string> {
    return this.transport.text(await this.send(ask, ref, signal), ref, signal);
  }

  /** For the SDK's hook: sends what the SDK has written, and gives it `show` of the response. */
  protected async carry(
    written: () => HttpRequest | Promise<HttpRequest>,
    signal: AbortSignal | null | undefined,
    show: (response: HttpResponse) => Shown,
  ): Promise<Shown> {
    try {
      const response = await this.transport.client.send(await written(), signal ?? new AbortController().signal);
      // The SDK would read the body of an error for a message of its own.
      if (response.status < 200 || response.status >= 300) throw new Unsuccessful(response);
      const shown = show(response);
      this.#responses.set(shown, response);
      return shown;
    } catch (error) {
      throw new Carried(error);
    }
  }

  async #asked(ask: (options: SdkOptions) => Promise<Shown>, ref: Ref, signal: AbortSignal): Promise<HttpResponse> {
    signal.throwIfAborted();
    const own = signalWithin(signal);
    try {
      return this.#taken(await endedBy(own.signal, ask({ signal: own.signal })), own.over);
    } catch (error) {
      const carried = carriedIn(error);
      if (carried instanceof Carried && carried.inner instanceof Unsuccessful)
        return thenOver(carried.inner.response, own.over);
      own.over();
      if (carried instanceof ProviderError) throw carried;
      throw carried ? carried.inner : this.#refusal(error, ref);
    }
  }

  #taken(shown: Shown, over: () => void): HttpResponse {
    const response = this.#responses.get(shown);
    if (!response) throw new Error('the SDK gave another response than that of its request');
    return thenOver(response, () => {
      // Names `shown` so that it lives as long as we read: Anthropic's SDK cancels a request whose response was collected.
      void shown;
      over();
    });
  }

  /** The SDK would not make the request: a mistake in the call or in the entry, and asking again does not help. */
  #refusal(cause: unknown, ref: Ref): ProviderError {
    const text = cause instanceof Error ? cause.message : String(cause);
    const detail = operatorDetail(`the request could not be made: ${text}`, this.secrets);
    // `Headers` puts a key that it cannot hold, one with a line break, into its message.
    const isSafe = !this.secrets.some((secret) => secret && messagesOf(cause).includes(secret));
    return new ProviderError('bad_request', { ref, detail, ...(isSafe && { cause }) });
  }
}

/** A response that is no success, on its way through the SDK. */
class Unsuccessful extends Error {
  constructor(readonly response: HttpResponse) {
    super('not a success');
  }
}

/** What our hook has thrown, in a shape that no SDK mistakes for a timeout or looks into. */
class Carried extends Error {
  constructor(readonly inner: unknown) {
    super('the request failed');
  }
}

/** What our hook or our code for credentials has thrown, as the SDK has wrapped it. */
function carriedIn(error: unknown): Carried | ProviderError | undefined {
  if (error instanceof Carried || error instanceof ProviderError) return error;
  return error instanceof Error && error.cause !== undefined ? carriedIn(error.cause) : undefined;
}

/** Of an error and its causes. */
const messagesOf = (error: unknown): string =>
  error instanceof Error ? `${error.message}\n${messagesOf(error.cause)}` : String(error);

/** The response, with `over` called as soon as nothing of it is read any more. */
function thenOver(response: HttpResponse, over: () => void): HttpResponse {
  return {
    ...response,
    release(complete) {
      if (complete && !response.body.closed) response.body.once('close', over);
      else over();
      response.release(complete);
    },
  };
}

/** A signal for one request: an SDK leaves its listeners at the one that it is given, which may live much longer. */
function signalWithin(signal: AbortSignal): { readonly signal: AbortSignal; readonly over: () => void } {
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return { signal: own.signal, over: () => signal.removeEventListener('abort', abort) };
}

/** Whoever fetches credentials before the request cannot be stopped: the wait for it can. @throws `signal.reason` once aborted */
function endedBy<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const settled = () => signal.removeEventListener('abort', abort);
    work.finally(settled).then(resolve, reject);
  });
}
