import { RunFailure } from '../attempt/run-failure.js';

/** An earlier attempt had begun a tool that must not run twice: a new attempt would start the turn again. */
export class ToolInterruptedError extends RunFailure {
  override readonly name = 'ToolInterruptedError';
  override readonly errorCode = 'run.tool_interrupted';

  constructor() {
    super('a tool that is not declared retrySafe had begun when the former worker was lost');
  }
}
