import { AppError, type Cursor } from '#runtime';
import { END_CURSOR } from '../streams/marked-frames.js';

/** As many digits as the store's whole numbers have for certain. */
const CURSOR = /^(\d{1,9})-(\d{1,9})$/;

/**
 * Where a reader of a run goes on: the header of an event source that comes again, or `after` in the query for one that
 * cannot set headers; the header is the newer one. Undefined: from the start. `end`: it has everything. Throws
 * `request.invalid`.
 */
export function readCursor(lastEventId: unknown, after: unknown): Cursor | typeof END_CURSOR | undefined {
  const given = lastEventId ?? after;
  // An event source that has heard no id yet may send an empty one.
  if (given === undefined || given === '') return undefined;
  if (given === END_CURSOR) return END_CURSOR;
  const [, fence, seq] = (typeof given === 'string' ? CURSOR.exec(given) : null) ?? [];
  if (fence === undefined || seq === undefined) {
    throw new AppError(
      'request.invalid',
      'Last-Event-ID must be <fence>-<sequence number>, as it was sent in an id line.',
    );
  }
  return { fence: Number(fence), seq: Number(seq) };
}
