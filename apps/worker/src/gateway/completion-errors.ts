/** An earlier attempt has shown a part of its answer, which no other answer can go on with. */
export class AnswerInterruptedError extends Error {
  override readonly name = 'AnswerInterruptedError';

  constructor() {
    super('an earlier attempt ended after its caller had seen a part of the answer');
  }
}

/** The model that was asked for cannot do what was asked of it. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';

  constructor(
    /** The field of the request. */
    readonly param: string,
    message: string,
  ) {
    super(message);
  }
}
