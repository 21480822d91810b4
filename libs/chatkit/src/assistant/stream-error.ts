import { customError, type ErrorEvent, streamError } from '../protocol/error-code.js';

/** Thrown by assistant code: ends the turn with an error code, for which the client has its own text [ER-7]. */
export class StreamError extends Error {
  override readonly name: string = 'StreamError';

  constructor(
    readonly code: string = 'stream.error',
    readonly allowRetry = true,
  ) {
    super(`the assistant ended the turn with ${code}`);
  }

  toEvent(): ErrorEvent {
    return { ...streamError(), code: this.code, allow_retry: this.allowRetry };
  }
}

/** Thrown by assistant code: ends the turn with a message for the user [ER-6]. */
export class CustomStreamError extends StreamError {
  override readonly name = 'CustomStreamError';

  constructor(
    /** Shown unchanged, so it must be in the user's language. */
    readonly userMessage: string,
    allowRetry = false,
  ) {
    super('custom', allowRetry);
  }

  override toEvent(): ErrorEvent {
    return customError(this.userMessage, this.allowRetry);
  }
}
