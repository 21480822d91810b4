import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeEvent, newId, type ThreadStreamEvent } from '#chatkit';
import { answerEvents } from '#chatkit/testing';
import type { EventEngine } from '#runtime';
import { noteEvent } from '../../apps/worker/src/output/note-event.js';
import type { Cursor } from '../../libs/runtime/src/events/entry.js';
import { anyStream } from '../support/any-stream.js';
import { engineKinds } from '../support/engines.js';
import { anEntry, ended, stateOf, TestReader, TestSink, TestWorker } from './support/events.js';
import { useWorld } from './support/world.js';

/** Everything that a reader saw from the first event on, with the frames up to each place at which it may have left. */
interface Seen {
  readonly whole: string;
  readonly until: readonly { readonly place: Cursor; readonly text: string }[];
}

describe.each(engineKinds)('the log of a settled turn on %s', (kind) => {
  const world = useWorld();
  let engine: EventEngine;
  let other: EventEngine;
  let worker: TestWorker;
  let reader: TestReader;
  let runId: string;
  beforeAll(async () => {
    [engine, other] = [await world.openEngine(kind), await world.openEngine(kind)];
  });
  beforeEach(async () => {
    runId = newId('run');
    worker = new TestWorker(engine);
    reader = await TestReader.start(other);
  });
  afterEach(async () => {
    await reader.stop();
    const [error] = [...reader.errors, ...worker.errors];
    if (error) throw error;
  });

  /** Writes a turn, so many events in each turn of the event loop, and follows it from the first one. */
  const write = async (events: readonly ThreadStreamEvent[], perFlush: number, fence = 1): Promise<Seen> => {
    const live = await reader.follow(runId, { fromLog: fence > 1, sink: new PlacedSink() });
    const writer = await worker.open(runId, fence, { isTurn: true });
    for (const [index, event] of events.entries()) {
      writer.write(encodeEvent(event));
      noteEvent(writer, event);
      // Flushed and received, so that each of these places is one at which a reader may leave.
      if (index % perFlush === perFlush - 1) while (live.follower.seq <= index) await setImmediate();
    }
    await writer.end(5_000);
    await ended(live);
    const { until } = live.sink as PlacedSink;
    return { whole: live.sink.text, until };
  };

  const readFrom = async (after?: Cursor): Promise<string> => {
    const late = await reader.follow(runId, { fromLog: true, ...(after && { after }) });
    await ended(late);
    expect(late.sink.places.filter(({ end }) => end)).toHaveLength(1);
    return late.sink.text;
  };

  it('gives a reader with any cursor, and one without, what those have who saw the whole turn', async () => {
    await fc.assert(
      fc.asyncProperty(anyStream, fc.integer({ min: 1, max: 6 }), async (events, perFlush) => {
        runId = newId('run');
        const { whole, until } = await write(events, perFlush);
        expect(stateOf(await readFrom())).toEqual(stateOf(whole));
        for (const { place, text } of until.slice(0, -1)) {
          expect(stateOf(text + (await readFrom(place)))).toEqual(stateOf(whole));
        }
      }),
      { numRuns: 40 },
    );
  });

  /** 204 events. */
  const answer = answerEvents('msg_1', [Array.from({ length: 200 }, (_, n) => `word ${n} `)]);

  it('holds of an answer its end alone, whatever the reader has, and nothing twice', async () => {
    const finished = encodeEvent(answer.at(-1) as ThreadStreamEvent);
    const { until } = await write(answer, 5);
    expect(until.length).toBeGreaterThan(2);
    const entries = await other.log.readAfter(runId);
    expect(entries.map(({ frames }) => frames.toString()).join('')).toBe(finished);
    expect(await readFrom()).toBe(finished);
    expect(await readFrom(until[0]?.place)).toBe(finished);
    const last = entries.at(-1);
    expect(last).toMatchObject({ end: true, last: until.at(-1)?.place.seq });
  });

  it('holds what happened beside items, at its place', async () => {
    const notice: ThreadStreamEvent = { type: 'notice', level: 'info', message: 'Saved' };
    const effect: ThreadStreamEvent = { type: 'client_effect', name: 'flash', data: {} };
    await write([...answer, notice, { type: 'progress_update', text: 'Looking' }, effect], 1);
    const kept = [notice, effect].map(encodeEvent).join('');
    expect(await readFrom({ fence: 1, seq: answer.length })).toBe(kept);
    expect(await readFrom({ fence: 1, seq: answer.length + 1 })).toBe(encodeEvent(effect));
  });

  it('stays whole when something was left unfinished', async () => {
    const unfinished = answer.slice(0, -1);
    const { whole } = await write(unfinished, 5);
    expect((await other.log.readAfter(runId)).map(({ frames }) => frames.toString()).join('')).toBe(whole);
    expect(stateOf(await readFrom())).toEqual(stateOf(whole));
  });

  it('withdraws what an earlier attempt had shown', async () => {
    const earlier = [anEntry(runId, { first: 1, last: 2, opened: ['msg_old'], frames: 'data: {}\n\n' })];
    await engine.log.append(earlier, []);
    const removed: ThreadStreamEvent = { type: 'thread.item.removed', item_id: 'msg_old' };
    await write([removed, ...answer], 5, 2);
    expect(await readFrom({ fence: 1, seq: 2 })).toBe([removed, ...answer].map(encodeEvent).join(''));
    expect((await other.log.readAfter(runId)).map(({ fence }) => fence)).toContain(1);
  });

  it('withdraws what an earlier attempt had shown after the next one had looked', async () => {
    const earlier = [anEntry(runId, { first: 1, last: 2, opened: ['msg_old'], frames: 'data: {}\n\n' })];
    await engine.log.append(earlier, []);
    await write(answer, 5, 2);
    const removed: ThreadStreamEvent = { type: 'thread.item.removed', item_id: 'msg_old' };
    expect(await readFrom({ fence: 1, seq: 2 })).toBe([removed, ...answer].map(encodeEvent).join(''));
  });

  it('is not merged by an attempt that has lost the run', async () => {
    const zombie = await worker.open(runId, 1, { isTurn: true });
    for (const event of answer) {
      zombie.write(encodeEvent(event));
      noteEvent(zombie, event);
    }
    await engine.log.append([anEntry(runId, { fence: 2, first: 1, last: 1, frames: 'data: {}\n\n' })], []);
    await zombie.end(5_000);
    expect((await other.log.readAfter(runId)).map(({ fence, end }) => [fence, end])).toEqual([[2, false]]);
  });
});

class PlacedSink extends TestSink {
  readonly until: { place: Cursor; text: string }[] = [];

  override write(...[data, place]: Parameters<TestSink['write']>): boolean {
    const hasRoom = super.write(data, place);
    if (place) this.until.push({ place: { fence: place.fence, seq: place.last }, text: this.text });
    return hasRoom;
  }
}
