import { withoutFrames } from '../entry.js';
import type { Append } from '../run-log.js';

/** NOTIFY refuses payloads of 8,000 bytes or more. */
const LIMIT_BYTES = 7_000;

/** As which a channel of the bus is known in the database, which others may use as well. */
export const notifyChannel = (name: string): string => `relay:${name}`;

/** Packs entries into as few NOTIFY payloads as possible; an entry that is too long is replaced by its header. */
export function notifications(entries: readonly Append[]): string[] {
  const payloads: string[] = [];
  let payload = '';
  let size = 0;
  for (const { encoded } of entries) {
    const fits = Buffer.byteLength(encoded) <= LIMIT_BYTES;
    const piece = fits ? encoded : withoutFrames(encoded);
    const bytes = Buffer.byteLength(piece);
    if (size + bytes > LIMIT_BYTES) {
      payloads.push(payload);
      payload = '';
      size = 0;
    }
    payload += piece;
    size += bytes;
  }
  if (payload !== '') payloads.push(payload);
  return payloads;
}
