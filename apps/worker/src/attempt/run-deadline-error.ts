import { RunFailure } from './run-failure.js';

/** The run had not ended when its deadline passed: a tool, a hook or the assistant's code may never return. */
export class RunDeadlineError extends RunFailure {
  override readonly name = 'RunDeadlineError';
  override readonly errorCode = 'run.deadline';

  constructor(runMs: number) {
    super(`the run had not ended ${runMs} ms after it was begun (deadlines.runMs)`);
  }
}
