/** An earlier attempt had begun a tool that must not run twice (design: a new attempt restarts the turn). */
export class ToolInterruptedError extends Error {
  override readonly name = 'ToolInterruptedError';

  constructor() {
    super('a tool that is not declared retrySafe had begun when the former worker was lost');
  }
}
