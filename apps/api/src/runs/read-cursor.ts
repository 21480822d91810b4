import { AppError } from '#runtime';
import type { Cursor } from '#runtime/api';
import { END_CURSOR } from '../streams/marked-frames.js';

/** At most nine digits, which fit every integer column. */
const CURSOR = /^(\d{1,9})-(\d{1,9})$/;

/**
 * Where a reader of a run continues: from the header of an event source that reconnects, or from `after` in the query for
 * clients that cannot set headers; the header takes precedence, since it is newer. Undefined: from the start. `end`: the
 * reader has everything. Throws `request.invalid`.
 */
export function readCursor(lastEventId: unknown, after: unknown): Cursor | typeof END_CURSOR | undefined {
  const given = lastEventId ?? after;
  // An event source that has received no id yet may send an empty one.
  if (given === undefined || given === '') return undefined;
  if (given === END_CURSOR) return END_CURSOR;
  const [, fence, seq] = (typeof given === 'string' ? CURSOR.exec(given) : null) ?? [];
  if (fence === undefined || seq === undefined) {
    throw new AppError(
      'request.invalid',
      'Last-Event-ID must be <fence>-<sequence number>, as sent in the id lines of the stream.',
    );
  }
  return { fence: Number(fence), seq: Number(seq) };
}
