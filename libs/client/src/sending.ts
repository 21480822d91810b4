import { isUnavailable, retried, type Retry, UnavailableError } from './retry.js';

export interface SendingSteps {
  /** What must reach the server first. */
  readonly before: () => Promise<void>;
  readonly post: (signal: AbortSignal) => Promise<Response>;
}

/** A message on its way: sent again, with one key, until the server answers. */
export class Sending {
  /** The server's answer; the last one if it stayed unavailable. */
  readonly answer: Promise<Response>;
  /** The server may have the message. */
  wasTried = false;
  readonly #connection = new AbortController();

  constructor(
    private readonly retry: Retry,
    private readonly steps: SendingSteps,
  ) {
    this.answer = this.#untilAnswered();
  }

  /** Closes the connection, and tries no more. */
  end(reason?: unknown): void {
    this.#connection.abort(reason);
  }

  async #untilAnswered(): Promise<Response> {
    const { signal } = this.#connection;
    let unavailable: Response | undefined;
    try {
      return await retried(this.retry, signal, async () => {
        await unavailable?.body?.cancel();
        unavailable = undefined;
        const response = await this.#try(signal);
        if (!isUnavailable(response)) return response;
        unavailable = response;
        throw new UnavailableError(response);
      });
    } catch (error) {
      if (unavailable) return unavailable;
      throw error;
    }
  }

  async #try(signal: AbortSignal): Promise<Response> {
    await this.steps.before();
    signal.throwIfAborted();
    this.wasTried = true;
    return this.steps.post(signal);
  }
}
