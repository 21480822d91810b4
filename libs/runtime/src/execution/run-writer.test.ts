import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOG_CEILING_BYTES } from '../platform/tunables.js';
import { decodeStored, type Entry } from '../events/entry.js';
import type { Append } from '../events/run-log.js';
import { LogCeilingError, RunWriter } from './run-writer.js';

const onLost = vi.fn<() => void>();
const onDirty = vi.fn<(writer: RunWriter) => void>();
beforeEach(() => {
  vi.clearAllMocks();
});
afterEach(() => {
  vi.useRealTimers();
});

const aWriter = (): RunWriter => new RunWriter({ runId: 'run_1', fence: 2, isTurn: true, onLost, onDirty });
const decoded = (appends: readonly Append[]): Entry[] =>
  appends.flatMap(({ encoded }) => decodeStored(Buffer.from(encoded)));
const places = (appends: readonly Append[]): string[] => decoded(appends).map(({ first, last }) => `${first}-${last}`);
const refusal = (fence: number) => ({
  runId: 'run_1',
  refused: { fence: 2, seq: 1 },
  newest: { fence, seq: 9 },
});

describe('a writer', () => {
  it('makes one entry of what one turn wrote, and calls onDirty once', () => {
    const writer = aWriter();
    for (const text of ['a', 'b', 'ü']) writer.write(text);
    writer.itemOpened('msg_1');
    writer.itemClosed('msg_2');
    expect(onDirty).toHaveBeenCalledExactlyOnceWith(writer);
    const [entry] = decoded(writer.take());
    expect(entry).toMatchObject({ runId: 'run_1', fence: 2, first: 1, last: 3, opened: ['msg_1'], closed: ['msg_2'] });
    expect(entry?.frames.toString()).toBe('abü');
    expect(entry?.end).toBe(false);
  });

  it('continues the numbers from entry to entry, and names an item once', () => {
    const writer = aWriter();
    writer.write('a');
    writer.itemOpened('msg_1');
    const first = writer.take();
    writer.delivered(first);
    writer.write('b');
    writer.write('c');
    const second = writer.take();
    expect([places(first), places(second)]).toEqual([['1-1'], ['2-3']]);
    expect(decoded(second)).toMatchObject([{ opened: [] }]);
    expect(onDirty).toHaveBeenCalledTimes(2);
    writer.delivered(second);
    expect(writer.take()).toEqual([]);
  });

  it('retains undelivered entries unchanged, with newer entries after them', () => {
    const writer = aWriter();
    writer.write('a');
    const lost = writer.take();
    writer.write('b');
    const again = writer.take();
    expect(again[0]).toEqual(lost[0]);
    expect(places(again)).toEqual(['1-1', '2-2']);
    writer.write('c');
    writer.delivered(again);
    expect(places(writer.take())).toEqual(['3-3']);
  });
});

describe('the end', () => {
  it('is on the last entry, and resolves when the log has it', async () => {
    const writer = aWriter();
    writer.write('a');
    const ended = vi.fn<() => void>();
    const ending = writer.end(60_000).then(ended);
    const appends = writer.take();
    expect(decoded(appends)).toMatchObject([{ first: 1, last: 1, end: true }]);
    await Promise.resolve();
    expect(ended).not.toHaveBeenCalled();
    writer.delivered(appends);
    await ending;
    expect(ended).toHaveBeenCalledOnce();
  });

  it('is an entry of its own when nothing is pending, and nothing is written after it', async () => {
    const writer = aWriter();
    writer.write('a');
    const before = writer.take();
    const ending = writer.end(60_000);
    writer.write('late');
    writer.delivered(before);
    const appends = writer.take();
    expect(decoded(appends)).toMatchObject([{ first: 2, last: 2, end: true, frames: Buffer.alloc(0) }]);
    writer.delivered(appends);
    await ending;
    await writer.end(60_000);
    expect(writer.take()).toEqual([]);
  });

  it('is not awaited longer than its timeout', async () => {
    vi.useFakeTimers();
    const ended = vi.fn<() => void>();
    const ending = aWriter().end(5_000).then(ended);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await ending;
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe('a refusal', () => {
  it('under its own fence means an earlier try whose reply was lost: nothing happens', () => {
    const writer = aWriter();
    writer.write('a');
    writer.refused(refusal(2));
    expect(onLost).not.toHaveBeenCalled();
    expect(places(writer.take())).toEqual(['1-1']);
  });

  it('under a higher fence ends the writer for good and calls onLost once', async () => {
    const writer = aWriter();
    writer.write('a');
    const ending = writer.end(60_000);
    writer.refused(refusal(3));
    writer.refused(refusal(3));
    await ending;
    expect(onLost).toHaveBeenCalledOnce();
    writer.write('b');
    writer.writeLast('c');
    await writer.end(60_000);
    expect(writer.take()).toEqual([]);
  });
});

describe('the ceiling', () => {
  const megabyte = 'x'.repeat(1024 * 1024);
  const fillUp = (writer: RunWriter): void => {
    for (let written = 0; written < LOG_CEILING_BYTES; written += megabyte.length) {
      writer.write(megabyte);
      writer.delivered(writer.take());
    }
  };

  it('is 16 MB, and what exceeds it is not written', () => {
    const writer = aWriter();
    fillUp(writer);
    expect(() => writer.write('x')).toThrow(LogCeilingError);
    expect(writer.take()).toEqual([]);
  });

  it('counts bytes, not characters', () => {
    const writer = aWriter();
    const wide = '漢'.repeat(1024 * 1024);
    let written = 0;
    expect(() => {
      for (;;) {
        writer.write(wide);
        written += Buffer.byteLength(wide);
        writer.delivered(writer.take());
      }
    }).toThrow(LogCeilingError);
    expect(written).toBeLessThanOrEqual(LOG_CEILING_BYTES + 2 * wide.length);
  });

  it('counts what is not flushed yet', () => {
    const writer = aWriter();
    for (let n = 0; n < 16; n++) writer.write(megabyte);
    expect(() => writer.write('x')).toThrow(LogCeilingError);
  });

  it('does not apply to the end of the run, which must reach its readers', async () => {
    const writer = aWriter();
    fillUp(writer);
    expect(() => writer.write(megabyte)).toThrow(LogCeilingError);
    writer.writeLast('error');
    const ending = writer.end(60_000);
    const appends = writer.take();
    expect(decoded(appends).map(({ frames, end }) => [frames.toString(), end])).toEqual([['error', true]]);
    writer.delivered(appends);
    await ending;
  });
});
