import type { StoredTooLargeError } from '#runtime';
import { RunFailure } from '../attempt/run-failure.js';

/** What one turn may do. No honest model, tool or assistant comes near; a confused one must not fill the store, or go on for ever. */
export const TURN_BOUNDS = {
  /** Tools that the model asks for, in all its calls together. */
  toolCalls: 128,
  /** Of one tool call, in characters. */
  argumentChars: 1_000_000,
  /** Of one tool's result, in characters: the model gets the beginning, and is told so. */
  resultChars: 200_000,
  /** Items that it shows or stores. */
  items: 1_000,
  /** Annotations of one part of a message: the first ones stay. */
  annotations: 500,
} as const;

/** A turn wanted to store something that is too large for the store. */
export class TooLargeToStoreFailure extends RunFailure {
  override readonly name = 'TooLargeToStoreFailure';
  override readonly errorCode = 'run.turn_too_large';

  constructor(cause: StoredTooLargeError) {
    super(cause.message, { cause });
  }
}

/** A turn went beyond a bound. */
export class TurnTooLargeError extends RunFailure {
  override readonly name = 'TurnTooLargeError';
  override readonly errorCode = 'run.turn_too_large';

  /** `what` as in "tool calls". */
  constructor(bound: keyof typeof TURN_BOUNDS, what: string) {
    super(`more than ${TURN_BOUNDS[bound]} ${what} in one turn (bound ${bound})`);
  }
}
