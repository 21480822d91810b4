import type { RunErrorCode } from '#runtime';

/** A failure of a run that knows its own code: a new one does not compile without. */
export abstract class RunFailure extends Error {
  abstract readonly errorCode: RunErrorCode;
}
