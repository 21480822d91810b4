/** The model went on asking for tools. */
export class TooManyTurnsError extends Error {
  override readonly name = 'TooManyTurnsError';

  constructor(turns: number) {
    super(`the model still asked for tools after ${turns} calls; raise maxTurns if that is right`);
  }
}
