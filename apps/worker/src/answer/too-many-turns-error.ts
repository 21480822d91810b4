/** The model went on asking for tools, or pausing. */
export class TooManyTurnsError extends Error {
  override readonly name = 'TooManyTurnsError';

  constructor(turns: number) {
    super(`the model had still more to do after ${turns} calls; raise maxTurns if that is right`);
  }
}
