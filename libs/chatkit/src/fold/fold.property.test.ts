import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStream } from '../../../../test/support/any-stream.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import { answerEvents, aWidget, updated } from '../testing/index.js';
import { encodeEvent } from '../wire/encode-sse.js';
import { applyEvent } from './apply-event.js';
import { parseFrames } from './parse-frames.js';
import { snapshotFrames } from './snapshot.js';
import { emptyThread } from './thread-state.js';

function fold(events: readonly ThreadStreamEvent[]) {
  return events.reduce(applyEvent, emptyThread);
}

function frames(events: readonly ThreadStreamEvent[]): string {
  return events.map(encodeEvent).join('');
}

function split(whole: string, at: readonly number[]): string[] {
  const borders = at.map((share) => Math.floor(share * whole.length)).toSorted((one, other) => one - other);
  return [...borders, whole.length].map((border, place) => whole.slice(borders[place - 1] ?? 0, border));
}

function grow(deltas: readonly string[]): ThreadStreamEvent[] {
  return deltas.map((delta) => {
    const place = { component_id: 'body', delta, done: false };
    return updated('msg_widget', { type: 'widget.streaming_text.value_delta', ...place });
  });
}

describe('any stream of any items', () => {
  it('is the same as a snapshot and the rest of the log, from any position', () => {
    fc.assert(
      fc.property(anyStream, fc.nat({ max: 24 }), (events, at) => {
        // Through the wire on both sides: JSON.stringify replaces lone surrogates.
        const all = parseFrames(frames(events));
        const seen = parseFrames(snapshotFrames(frames(events.slice(0, at))));
        expect(fold([...seen, ...all.slice(at)])).toEqual(fold(all));
      }),
      { numRuns: 500 },
    );
  });

  it('has a snapshot that is its own snapshot', () => {
    fc.assert(
      fc.property(anyStream, (events) => {
        const once = snapshotFrames(frames(events));
        expect(snapshotFrames(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the text of an answer', () => {
  // Borders of pieces, as shares of the text: any split, and any merge of another.
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

  it('is the same however it was cut into deltas [UP-2]', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }), cuts, cuts, (texts, one, other) => {
        const cut = (at: readonly number[]) =>
          answerEvents(
            'a',
            texts.map((whole) => split(whole, at)),
          );
        expect(fold(cut(one))).toEqual(fold(cut(other)));
        expect(fold(cut(one).slice(0, -1))).toEqual(fold(cut(other).slice(0, -1)));
      }),
    );
  });

  it('is the same however the text of a widget was cut into deltas [UP-9]', () => {
    fc.assert(
      fc.property(fc.string(), cuts, cuts, fc.boolean(), (whole, one, other, isStored) => {
        const before: ThreadStreamEvent[] = isStored ? [] : [{ type: 'thread.item.added', item: aWidget() }];
        const cut = (at: readonly number[]) => fold([...before, ...grow(split(whole, at))]);
        expect(cut(one)).toEqual(cut(other));
      }),
    );
  });
});
