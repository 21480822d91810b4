import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeEvent, newId } from '#chatkit';
import { anAssistantMessage } from '#chatkit/testing';
import type { EventEngine } from '#runtime';
import type { FollowDeps } from '#runtime/api';
import { engineKinds } from '../support/engines.js';
import {
  anEntry,
  answerFrames,
  ended,
  frame,
  frames,
  stateOf,
  TestReader,
  TestSink,
  TestWorker,
  writeInTurns,
} from './support/events.js';
import { useWorld } from './support/world.js';

describe.each(engineKinds)('a follower on %s', (kind) => {
  const world = useWorld();
  let engines: EventEngine[];
  let worker: TestWorker;
  let readers: TestReader[];
  let runId: string;
  beforeAll(async () => {
    engines = await Promise.all([1, 2, 3].map(() => world.openEngine(kind)));
  });
  beforeEach(() => {
    runId = newId('run');
    readers = [];
    worker = new TestWorker(engineOf(0));
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    const [error] = [...readers, worker].flatMap(({ errors }) => errors);
    if (error) throw error;
  });

  const engineOf = (index: number): EventEngine => {
    const engine = engines[index];
    if (!engine) throw new Error('no such engine');
    return engine;
  };
  const aReader = async (index = 1, deps: Partial<FollowDeps> = {}): Promise<TestReader> => {
    const reader = await TestReader.start(engineOf(index), deps);
    readers.push(reader);
    return reader;
  };

  it('writes every frame once and in order, and ends with the run', async () => {
    const followed = await (await aReader()).follow(runId);
    const writer = await worker.open(runId);
    await writeInTurns(writer, frames(1, 500), 3);
    await writer.end(5_000);
    await ended(followed);
    expect(followed.sink.text).toBe(frames(1, 500).join(''));
    expect(followed.follower).toMatchObject({ fence: 1, seq: expect.toBeOneOf(endOf(500)) });
  });

  it('ends with a run whose last entry holds no frame', async () => {
    const followed = await (await aReader()).follow(runId);
    const writer = await worker.open(runId);
    await writer.end(5_000);
    await ended(followed);
    expect(followed.sink.text).toBe('');
  });

  it.each([0, 1, 5, 20, 50])('that joins %i ms after the job was added loses nothing', async (delay) => {
    const reader = await aReader();
    const all = answerFrames('msg_1', frames(1, 120));
    const writing = (async () => {
      const writer = await worker.open(runId);
      for (const one of all) {
        writer.write(one);
        await sleep(1);
      }
      await writer.end(5_000);
    })();
    await sleep(delay);
    const followed = await reader.follow(runId, { fromLog: true });
    await worker.publisher.refreshReaders([runId]);
    await writing;
    await ended(followed);
    expect(followed.sink.state).toEqual(stateOf(all.join('')));
  });

  it('that gets no copies catches up by the silence watch alone', async () => {
    const reader = await aReader();
    const followed = await reader.follow(runId);
    const writer = worker.publisher.open({ runId, fence: 1, isTurn: false, onLost: () => undefined });
    await writeInTurns(writer, frames(1, 20), 4);
    await writer.end(5_000);
    expect(followed.sink.text).toBe('');
    reader.silence.ring();
    await ended(followed);
    expect(followed.sink.text).toBe(frames(1, 20).join(''));
    expect(followed.follower).toMatchObject({ fence: 1, seq: expect.toBeOneOf(endOf(20)) });
  });

  it('whose sink is slow loses nothing and is not written to while it is full', async () => {
    const reader = await aReader();
    const sink = new TestSink().limit(2_000);
    const followed = await reader.follow(runId, { sink });
    for (let first = 1; first <= 1_000; first += 10) {
      const entry = anEntry(runId, { first, last: first + 9, end: first === 991 });
      await engineOf(0).log.append([entry], [{ instance: reader.instance, entries: [entry] }]);
    }
    expect(sink.full).toBe(1);
    expect(sink.bytes).toBeLessThan(4_000);
    let rounds = 0;
    const draining = setInterval(() => {
      if (sink.release(10_000)) rounds++;
    }, 1);
    await ended(followed);
    clearInterval(draining);
    expect(sink.text).toBe(frames(1, 1_000).join(''));
    expect(rounds).toBeGreaterThan(5);
  });

  it('on two processes sees the same as another one, whichever is slow', async () => {
    const [fast, slow] = [await aReader(1), await aReader(2)];
    const sink = new TestSink().limit(500);
    const both = [await fast.follow(runId), await slow.follow(runId, { sink }), await fast.follow(runId)];
    const writer = await worker.open(runId);
    expect(new Set(writer.readers)).toEqual(new Set([fast.instance, slow.instance]));
    const draining = setInterval(() => sink.release(5_000), 2);
    await writeInTurns(writer, frames(1, 300), 7);
    await writer.end(5_000);
    for (const followed of both) await ended(followed);
    clearInterval(draining);
    expect(both.map((followed) => followed.sink.text)).toEqual(both.map(() => frames(1, 300).join('')));
  });

  it('that joins late gets a snapshot: few bytes, the same state, then the tail', async () => {
    const [early, late] = [await aReader(1), await aReader(2)];
    const whole = await early.follow(runId);
    const writer = await worker.open(runId);
    const all = [
      ...answerFrames('msg_1', ['finished ', 'first']),
      ...answerFrames(
        'msg_2',
        Array.from({ length: 400 }, (_, n) => `word ${n} ä😀 `),
      ),
    ];
    await writeInTurns(writer, all.slice(0, -2), 5);
    await expect.poll(() => whole.sink.text).toBe(all.slice(0, -2).join(''));
    const joined = await late.follow(runId, { fromLog: true });
    await worker.publisher.refreshReaders([runId]);
    await expect.poll(() => joined.sink.bytes).toBeGreaterThan(0);
    expect(joined.sink.state).toEqual(whole.sink.state);
    expect(joined.sink.bytes).toBeLessThan(whole.sink.bytes / 5);
    await writeInTurns(writer, all.slice(-2), 1);
    await writer.end(5_000);
    await ended(joined);
    await ended(whole);
    expect(joined.sink.state).toEqual(stateOf(all.join('')));
  });

  it('that reconnects with its cursor gets the rest, frame by frame', async () => {
    const reader = await aReader();
    const writer = await worker.open(runId);
    await writeInTurns(writer, frames(1, 60), 6);
    await writer.end(5_000);
    const entries = await engineOf(2).log.readAfter(runId);
    const seen = entries[0]?.last ?? 0;
    expect(entries.length).toBeGreaterThan(1);
    const rest = await reader.follow(runId, { fromLog: true, after: { fence: 1, seq: seen } });
    await ended(rest);
    expect(rest.sink.text).toBe(frames(seen + 1, 60).join(''));
  });

  it('gets entries above 8 kB and above 1 MB whole and in their place', async () => {
    const followed = await (await aReader()).follow(runId);
    const writer = await worker.open(runId);
    const all = ['a', 'ü'.repeat(4_500), 'b', '😀'.repeat(300_000), 'c', 'x'.repeat(6_900), 'd'].map((text) =>
      frame(text),
    );
    await writeInTurns(writer, all, 1);
    await writer.end(10_000);
    await ended(followed);
    expect(followed.sink.text).toBe(all.join(''));
  });

  it('gets its part of 10,000 events of eight runs, each once, under ascending numbers', async () => {
    const [one, two] = [await aReader(1), await aReader(2)];
    const runs = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const id = newId('run');
        return { id, followed: await (n % 2 ? one : two).follow(id), writer: await worker.open(id) };
      }),
    );
    const all = frames(1, 1_250);
    await Promise.all(
      runs.map(async ({ writer }, n) => {
        await writeInTurns(writer, all, n + 1);
        await writer.end(10_000);
      }),
    );
    for (const { id, followed } of runs) {
      await ended(followed);
      expect(followed.sink.text).toBe(all.join(''));
      const entries = await engineOf(2).log.readAfter(id);
      expect(entries.map((entry) => entry.frames.toString()).join('')).toBe(all.join(''));
      let seq = 0;
      for (const { fence, first, last } of entries) {
        expect([fence, first]).toEqual([1, seq + 1]);
        seq = last;
      }
      expect(seq).toBeOneOf(endOf(1_250));
    }
  });

  it('sees a new attempt in mid-stream: what was shown is withdrawn, then the new answer alone', async () => {
    const reader = await aReader();
    const followed = await reader.follow(runId);
    const zombie = await worker.open(runId);
    const announce = encodeEvent({
      type: 'thread.item.added',
      item: anAssistantMessage({ id: 'msg_old', content: [] }),
    });
    zombie.write(announce);
    zombie.itemOpened('msg_old');
    await expect.poll(() => followed.sink.text).toBe(announce);
    expect([...followed.follower.open]).toEqual(['msg_old']);

    const next = new TestWorker(engineOf(2));
    const writer = await next.open(runId, 2);
    const withdrawn = encodeEvent({ type: 'thread.item.removed', item_id: 'msg_old' });
    writer.write(withdrawn);
    writer.itemClosed('msg_old');
    await expect.poll(() => followed.follower.fence).toBe(2);
    zombie.write(frame('late'));
    const answer = answerFrames('msg_new', ['a', 'b']);
    await writeInTurns(writer, answer, 1);
    await writer.end(5_000);
    await ended(followed);
    expect(followed.sink.text).toBe([announce, withdrawn, ...answer].join(''));
    expect([[...followed.follower.open], [...followed.follower.closed]]).toEqual([[], ['msg_old']]);

    const late = await reader.follow(runId, { fromLog: true });
    await ended(late);
    expect(late.sink.state).toEqual(stateOf(followed.sink.text));
    const resumed = await reader.follow(runId, { fromLog: true, after: { fence: 1, seq: 1 } });
    await ended(resumed);
    expect(resumed.sink.text).toBe([withdrawn, ...answer].join(''));
  });

  it.each([true, false])('writes nothing before it is started (late: %s), and then everything', async (fromLog) => {
    const reader = await aReader();
    const writer = await worker.open(runId);
    const all = answerFrames('msg_1', ['one ', 'two ']);
    const early: string[] = [];
    const followed = await reader.follow(runId, {
      fromLog,
      beforeStart: async (sink) => {
        await worker.publisher.refreshReaders([runId]);
        await writeInTurns(writer, all.slice(0, 3), 1);
        // A message to this process over the same channel arrives after the copies.
        const heard = new Promise<void>((resolve) => void reader.copies.follow('run_last', () => resolve()));
        const last = anEntry('run_last', { first: 1, last: 1 });
        await engineOf(0).log.append([last], [{ instance: reader.instance, entries: [last] }]);
        await heard;
        early.push(sink.text);
      },
    });
    await writeInTurns(writer, all.slice(3), 1);
    await writer.end(5_000);
    await ended(followed);
    expect(early).toEqual(['']);
    expect(followed.sink.state).toEqual(stateOf(all.join('')));
  });

  it('that reconnects under an older fence gets the withdrawal of what it had received', async () => {
    const reader = await aReader();
    const { log } = engineOf(0);
    const first = anEntry(runId, { first: 1, last: 2, opened: ['msg_old', 'msg_lost'], frames: frame('old') });
    const second = anEntry(runId, { first: 3, last: 3, closed: ['msg_old'], frames: frame('done') });
    await log.append([first, second], []);
    const writer = await worker.open(runId, 2);
    const answer = answerFrames('msg_new', ['once']);
    await writeInTurns(writer, answer, 10);
    await writer.end(5_000);
    const resumed = await reader.follow(runId, { fromLog: true, after: { fence: 1, seq: 3 } });
    await ended(resumed);
    const withdrawn = encodeEvent({ type: 'thread.item.removed', item_id: 'msg_lost' });
    expect(resumed.sink.text).toBe([withdrawn, ...answer].join(''));
    expect([[...resumed.follower.open], [...resumed.follower.closed]]).toEqual([[], ['msg_old']]);
  });

  it('that reconnects to a run whose log has stopped is completed from what it has received', async () => {
    const shown: [string[], string[]][] = [];
    const reader = await aReader(1, {
      isSettled: async () => true,
      finishFromStore: async (_, { open, closed }) => {
        shown.push([[...open], [...closed]]);
        return Buffer.from(frame('finished'));
      },
    });
    // More entries than are read at once.
    const entries = Array.from({ length: 150 }, (_, n) =>
      anEntry(runId, { first: n + 1, last: n + 1, opened: [`msg_${n}`], closed: n > 0 ? [`msg_${n - 1}`] : [] }),
    );
    await engineOf(0).log.append(entries, []);
    const resumed = await reader.follow(runId, { fromLog: true, after: { fence: 1, seq: 149 } });
    await expect.poll(() => resumed.follower.seq).toBe(150);
    reader.silence.ring();
    await ended(resumed);
    expect(resumed.sink.text).toBe(frame(150) + frame('finished'));
    expect(shown).toEqual([[['msg_149'], Array.from({ length: 149 }, (_, n) => `msg_${n}`)]]);
  });

  it('of a run that settled long ago is completed at once, without any log', async () => {
    const deps = { isSettled: async () => true, finishFromStore: async () => Buffer.from(frame('finished')) };
    const reader = await aReader(1, deps);
    const followed = await reader.follow(runId, { fromLog: true, isOver: true });
    await ended(followed);
    expect(followed.sink.text).toBe(frame('finished'));
    expect(followed.sink.places).toEqual([{ fence: 0, last: 0, end: true }]);
  });

  it('gets the position of each piece, and the end of the run', async () => {
    const reader = await aReader();
    const followed = await reader.follow(runId);
    const writer = await worker.open(runId);
    await writeInTurns(writer, frames(1, 40), 4);
    await writer.end(5_000);
    await ended(followed);
    const { places } = followed.sink;
    expect(places.map(({ last }) => last)).toEqual(places.map(({ last }) => last).toSorted((a, b) => a - b));
    expect(places.map(({ end }) => end)).toEqual(places.map((_, index) => index === places.length - 1));
    for (const { fence, last } of places.slice(0, -1)) {
      const rest = await reader.follow(runId, { fromLog: true, after: { fence, seq: last } });
      await ended(rest);
      expect(rest.sink.text).toBe(frames(last + 1, 40).join(''));
    }
  });

  it('that has left is sent nothing more', async () => {
    const reader = await aReader();
    const [gone, stays] = [await reader.follow(runId), await reader.follow(runId)];
    const writer = await worker.open(runId);
    await writeInTurns(writer, frames(1, 5), 1);
    await expect.poll(() => gone.follower.seq).toBe(5);
    expect([gone.follower.leave(), gone.follower.leave()]).toEqual([false, false]);
    await writeInTurns(writer, frames(6, 9), 1);
    await expect.poll(() => stays.follower.seq).toBe(9);
    expect(gone.sink.text).toBe(frames(1, 5).join(''));
    expect(stays.follower.leave()).toBe(true);
    await expect.poll(async () => (await engineOf(0).bus.readersOf([runId])).size).toBe(0);
  });
});

/** The last number of so many events: an end without frames has a number of its own. */
const endOf = (events: number): number[] => [events, events + 1];
