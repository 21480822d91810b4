import { RunFailure } from '../attempt/run-failure.js';

/** The model went on asking for tools, or pausing. */
export class TooManyTurnsError extends RunFailure {
  override readonly name = 'TooManyTurnsError';
  override readonly errorCode = 'run.too_many_turns';

  constructor(turns: number) {
    super(`the model had still more to do after ${turns} calls; raise maxTurns if that is right`);
  }
}
