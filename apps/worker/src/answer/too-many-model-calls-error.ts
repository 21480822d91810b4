import { RunFailure } from '../attempt/run-failure.js';

/** The model still asked for tools, or paused, after the last model call that `maxTurns` allows. */
export class TooManyModelCallsError extends RunFailure {
  override readonly name = 'TooManyModelCallsError';
  override readonly errorCode = 'run.too_many_turns';

  constructor(calls: number) {
    super(`the model still had more to do after ${calls} model calls; raise maxTurns if a turn needs more`);
  }
}
