import { RunFailure } from '../attempt/run-failure.js';

/** An earlier attempt has shown a part of its answer, which no other answer can continue. */
export class AnswerInterruptedError extends RunFailure {
  override readonly name = 'AnswerInterruptedError';
  override readonly errorCode = 'run.interrupted';

  constructor() {
    super('an earlier attempt ended after its caller had seen a part of the answer');
  }
}

/** The requested model does not support what was requested. */
export class UnsupportedError extends RunFailure {
  override readonly name = 'UnsupportedError';
  override readonly errorCode = 'provider.bad_request';

  constructor(
    /** The field of the request. */
    readonly param: string,
    message: string,
  ) {
    super(message);
  }
}
