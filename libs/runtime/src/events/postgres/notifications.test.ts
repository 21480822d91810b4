import { describe, expect, it } from 'vitest';
import { decodeEntries, encodeEntry } from '../entry.js';
import type { Append } from '../run-log.js';
import { notifications } from './notifications.js';

/** NOTIFY payloads must be shorter than this. */
const LIMIT_OF_POSTGRES = 8_000;

function anEntry(last: number, frames: string, ids: readonly string[] = []): Append {
  const fields = { runId: 'run_1', fence: 1, first: last, last, opened: ids, closed: ids, end: false };
  return { runId: 'run_1', fence: 1, first: last, last, end: undefined, encoded: encodeEntry({ ...fields, frames }) };
}

const heard = (payloads: readonly string[]) => payloads.flatMap((payload) => decodeEntries(Buffer.from(payload)));
const sizes = (payloads: readonly string[]): number[] => payloads.map((payload) => Buffer.byteLength(payload));

describe('notifications', () => {
  it('are none for no entries', () => {
    expect(notifications([])).toEqual([]);
  });

  it('carry many short entries in one payload', () => {
    const payloads = notifications([1, 2, 3].map((n) => anEntry(n, `frame ${n}`)));
    expect(payloads).toHaveLength(1);
    expect(heard(payloads).map(({ frames }) => frames?.toString())).toEqual(['frame 1', 'frame 2', 'frame 3']);
  });

  it('carry every entry, in order, below the limit of Postgres, for all sizes', () => {
    const lengths = [10, 3_000, 3_900, 50, 6_900, 7_000, 20, 1, 9_000, 2_000_000, 6_000, 6_000];
    const entries = lengths.map((length, index) => anEntry(index + 1, 'x'.repeat(length)));
    const payloads = notifications(entries);
    expect(Math.max(...sizes(payloads))).toBeLessThan(LIMIT_OF_POSTGRES);
    expect(Math.min(...sizes(payloads))).toBeGreaterThan(0);
    expect(heard(payloads).map(({ last }) => last)).toEqual(entries.map(({ last }) => last));
    expect(heard(payloads).map(({ frames }) => frames?.length ?? 'left out')).toEqual(
      lengths.map((length) => (length < 6_950 ? length : 'left out')),
    );
  });

  it('count bytes, not characters', () => {
    const payloads = notifications([anEntry(1, '漢'.repeat(2_000)), anEntry(2, '漢'.repeat(3_000))]);
    expect(Math.max(...sizes(payloads))).toBeLessThan(LIMIT_OF_POSTGRES);
    expect(heard(payloads).map(({ frames }) => frames?.length)).toEqual([6_000, undefined]);
  });

  it('announce an entry that names more items than a payload can hold', () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => `msg_${n}`);
    const payloads = notifications([anEntry(1, 'short', ids)]);
    expect(Math.max(...sizes(payloads))).toBeLessThan(LIMIT_OF_POSTGRES);
    expect(heard(payloads)).toMatchObject([{ last: 1, frames: null }]);
  });
});
