import { type Readable, pipeline, Transform } from 'node:stream';

/**
 * Sends a request, with a signal that ends it after `ms` without a sign of life: no answer, and no call of `alive`. Waiting for a
 * connection counts, and so do all tries together.
 */
export async function unlessSilent<Answer>(
  ms: number,
  send: (signal: AbortSignal, alive: () => void) => Promise<Answer>,
): Promise<Answer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), ms);
  try {
    return await send(silence.signal, () => void timer.refresh());
  } catch (cause) {
    throw silence.signal.aborted ? new Error(silent(ms), { cause }) : cause;
  } finally {
    clearTimeout(timer);
  }
}

/** What is sent, and says that it is: each piece that leaves is a sign of life. */
export function whileSent(body: Readable, alive: () => void): Readable {
  return passing(body, alive);
}

/**
 * The body of an answer, which fails with what `failure` makes of the cause after `ms` in which the store has sent nothing although
 * somebody wanted it. Time in which the reader takes nothing does not count: a slow model's is minutes.
 */
export function unlessStalled(body: Readable, ms: number, failure: (cause: Error) => Error): Readable {
  const timer = setTimeout(() => {
    if (stream.writableNeedDrain) timer.refresh();
    else stream.destroy(failure(new Error(silent(ms))));
  }, ms);
  const alive = (): void => void timer.refresh();
  const stream = passing(body, alive, () => clearTimeout(timer));
  stream.on('drain', alive);
  // From here on only the reader is waited for.
  body.once('end', () => clearTimeout(timer));
  return stream;
}

const silent = (ms: number): string => `the store was silent for ${ms} ms`;

/** Either stream ends the other one. */
function passing(body: Readable, onPiece: () => void, onEnd: () => void = () => undefined): Transform {
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      onPiece();
      done(null, piece);
    },
  });
  pipeline(body, stream, onEnd);
  return stream;
}
