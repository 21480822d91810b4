import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeEvent, newId, parseFrames } from '#chatkit';
import { anAssistantMessage } from '#chatkit/testing';
import type { EventEngine } from '#runtime';
import { finishFromStore, IntervalSilenceWatch, isRunSettled, RunCopies } from '#runtime/api';
import { engineKinds } from '../support/engines.js';
import { cutConnections } from './support/cut-connections.js';
import { answerFrames, ended, frames, stateOf, TestReader, TestWorker, writeInTurns } from './support/events.js';
import { anAnswer, claimedTurn, lifecycleOf, recordingLogger, useWorld } from './support/world.js';

describe.each(engineKinds)('when something goes wrong on %s', (kind) => {
  let engine: EventEngine;
  let runId: string;
  const readers: TestReader[] = [];

  const world = useWorld();

  beforeAll(async () => {
    engine = await world.openEngine(kind);
  });
  beforeEach(() => {
    runId = newId('run');
  });
  afterEach(async () => {
    for (const reader of readers.splice(0)) await reader.stop();
  });

  const aReader = async (...of: Parameters<typeof TestReader.start>): Promise<TestReader> => {
    const reader = await TestReader.start(...of);
    readers.push(reader);
    return reader;
  };

  /** The engine, without some of the received messages. */
  const deaf = (to: (count: number) => boolean): EventEngine => {
    const { bus } = engine;
    let count = 0;
    const listen: EventEngine['bus']['listen'] = (channel, hear) =>
      bus.listen(channel, (message) => {
        if (!to(count++)) hear(message);
      });
    return { ...engine, bus: { ...boundBus(bus), listen } } as EventEngine;
  };

  it.each([0, 1, 5])('a lost copy (number %i) is filled from the log', async (lost) => {
    const reader = await aReader(deaf((count) => count === lost));
    const followed = await reader.follow(runId);
    const worker = new TestWorker(engine);
    const writer = await worker.open(runId);
    const all = answerFrames(
      'msg_1',
      Array.from({ length: 60 }, (_, n) => `word ${n} `),
    );
    for (let from = 0; from < all.length; from += 8) {
      const part = all.slice(from, from + 8);
      await writeInTurns(writer, part, 8);
      const written = async () => (await engine.log.readAfter(runId)).at(-1)?.last;
      await expect.poll(written, { interval: 2 }).toBe(from + part.length);
    }
    await writer.end(5_000);
    await ended(followed);
    expect(followed.sink.text).toBe(all.join(''));
  });

  it('a lost copy of the end is replaced from the log after the silence', async () => {
    const reader = await aReader(deaf((count) => count > 0));
    const followed = await reader.follow(runId);
    const writer = await new TestWorker(engine).open(runId);
    await writeInTurns(writer, frames(1, 3), 3);
    await expect.poll(() => followed.follower.seq).toBe(3);
    await writeInTurns(writer, frames(4, 9), 1);
    await writer.end(5_000);
    expect(followed.follower.seq).toBe(3);
    reader.silence.ring();
    await ended(followed);
    expect(followed.sink.text).toBe(frames(1, 9).join(''));
  });

  it('a run that never wrote its end is finished from Postgres within five seconds', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const reader = await aReader(engine, {
      silence: new IntervalSilenceWatch(),
      isSettled: (id) => isRunSettled(world.db.system, id),
      finishFromStore: (id, shown) => finishFromStore(world.db.system, id, shown, false),
    });
    const followed = await reader.follow(held.runId);
    const writer = await new TestWorker(engine).open(held.runId);
    const dropped = encodeEvent({
      type: 'thread.item.added',
      item: anAssistantMessage({ id: 'msg_dropped', content: [] }),
    });
    const [added = '', ...rest] = answerFrames('msg_kept', ['Hello']);
    for (const [text, id] of [
      [dropped, 'msg_dropped'],
      [added, 'msg_kept'],
    ] as const) {
      writer.write(text);
      writer.itemOpened(id);
    }
    for (const one of rest.slice(0, -1)) writer.write(one);
    await expect.poll(() => followed.sink.text).toBe([dropped, added, ...rest.slice(0, -1)].join(''));
    const answer = anAnswer(held.threadId, 'Hello', 'msg_kept');
    await lifecycle.settle(held, { state: 'failed', errorCode: 'provider.timeout' }, [answer]);
    const settledAt = performance.now();
    await ended(followed);
    expect(performance.now() - settledAt).toBeLessThan(5_000);
    const state = stateOf(followed.sink.text);
    expect([state.items, [...state.open]]).toEqual([[answer], []]);
    expect(parseFrames(followed.sink.text).at(-1)).toMatchObject({ type: 'error', allow_retry: true });
    expect(reader.errors).toEqual([]);
  });

  it('a finished item of a lost attempt is withdrawn from Postgres, too', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const shown = { open: new Set(['msg_open']), closed: new Set(['msg_closed', held.triggerItemId ?? '']) };
    await lifecycle.settle(held, { state: 'completed' }, []);
    const text = (await finishFromStore(world.db.system, held.runId, shown, false)).toString();
    expect(parseFrames(text)).toEqual([
      { type: 'thread.item.removed', item_id: 'msg_open' },
      { type: 'thread.item.removed', item_id: 'msg_closed' },
    ]);
    expect(
      await finishFromStore(world.db.system, 'run_none', { open: new Set(), closed: new Set() }, false),
    ).toHaveLength(0);
  });

  it('a zombie is notified once that it lost, and readers see nothing of what it wrote', async () => {
    const reader = await aReader(engine);
    const followed = await reader.follow(runId);
    const onLost = vi.fn<() => void>();
    const zombie = await new TestWorker(engine).open(runId, 1, { onLost });
    const writer = await new TestWorker(engine).open(runId, 2);
    await writeInTurns(writer, frames(1, 3), 1);
    await expect.poll(() => followed.follower.fence).toBe(2);
    await writeInTurns(zombie, frames(100, 120), 2);
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1));
    zombie.write(frames(200, 200).join(''));
    await zombie.end(1_000);
    await writeInTurns(writer, frames(4, 6), 1);
    await writer.end(5_000);
    await ended(followed);
    expect(followed.sink.text).toBe(frames(1, 6).join(''));
    expect((await engine.log.readAfter(runId)).every(({ fence }) => fence === 2)).toBe(true);
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it('a worker that claims its own run again keeps both attempts apart', async () => {
    const reader = await aReader(engine);
    const followed = await reader.follow(runId);
    const worker = new TestWorker(engine);
    const onLost = vi.fn<() => void>();
    const onWriterLost = vi.fn<() => void>();
    const former = await worker.open(runId, 1, { onLost });
    await writeInTurns(former, frames(1, 50), 10);
    await expect.poll(() => followed.follower.seq).toBe(50);
    const writer = await worker.open(runId, 2, { onLost: onWriterLost });
    for (let n = 1; n <= 20; n++) {
      writer.write(frames(n, n).join(''));
      former.write(frames(n + 50, n + 50).join(''));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledTimes(1));
    worker.publisher.close(former);
    await writer.end(5_000);
    await ended(followed);
    expect(onWriterLost).not.toHaveBeenCalled();
    const entries = (await engine.log.readAfter(runId)).filter(({ fence }) => fence === 2);
    expect(entries.map((entry) => entry.frames.toString()).join('')).toBe(frames(1, 20).join(''));
    expect(followed.sink.text.endsWith(frames(1, 20).join(''))).toBe(true);
  });

  it('an append whose reply was lost is repeated without harm', async () => {
    const reader = await aReader(engine);
    const followed = await reader.follow(runId);
    let losses = 2;
    const log = Object.assign(Object.create(engine.log) as EventEngine['log'], {
      append: async (...of: Parameters<EventEngine['log']['append']>) => {
        const refusals = await engine.log.append(...of);
        if (losses-- > 0) throw new Error('the reply was lost');
        return refusals;
      },
    });
    const worker = new TestWorker({ ...engine, log } as EventEngine);
    const onLost = vi.fn<() => void>();
    const writer = await worker.open(runId, 1, { onLost });
    await writeInTurns(writer, frames(1, 40), 4);
    await writer.end(5_000);
    await ended(followed);
    expect(losses).toBeLessThan(0);
    // The second one is the same, within half a minute.
    expect(worker.errors).toHaveLength(1);
    expect(onLost).not.toHaveBeenCalled();
    expect(followed.sink.text).toBe(frames(1, 40).join(''));
    expect((await engine.log.readAfter(runId)).map((entry) => entry.frames.toString()).join('')).toBe(
      frames(1, 40).join(''),
    );
  });

  it('a flush that did not reach the log is repeated, even when nothing more is written', async () => {
    const append = vi.fn<EventEngine['log']['append']>((...of) => engine.log.append(...of));
    append.mockRejectedValueOnce(new Error('away'));
    const log: EventEngine['log'] = Object.assign(Object.create(engine.log) as EventEngine['log'], { append });
    const writer = await new TestWorker({ ...engine, log } as EventEngine).open(runId);
    writer.write(frames(1, 1).join(''));
    await expect.poll(async () => (await engine.log.readAfter(runId)).length).toBe(1);
    expect(append).toHaveBeenCalledTimes(2);
  });

  it('connections that are cut in mid-stream reconnect, and the follower completes', async () => {
    const reader = await aReader(await world.openEngine(kind));
    const followed = await reader.follow(runId);
    const worker = new TestWorker(engine);
    const writer = await worker.open(runId);
    for (let turn = 0; turn < 20; turn++) {
      await writeInTurns(writer, frames(turn * 10 + 1, turn * 10 + 10), 2);
      if (turn === 5 || turn === 12) await cutConnections(kind, world.url);
    }
    await vi.waitFor(() => expect(engine.isReady() && reader.engine.isReady()).toBe(true), { timeout: 5_000 });
    await writer.end(5_000);
    const ringing = setInterval(() => reader.silence.ring(), 100);
    await ended(followed);
    clearInterval(ringing);
    expect(followed.sink.text).toBe(frames(1, 200).join(''));
    // Received from the bus, not only read from the log: the subscription was restored as well.
    const again = newId('run');
    const next = await reader.follow(again);
    const nextWriter = await worker.open(again);
    await vi.waitFor(async () => {
      await writeInTurns(nextWriter, frames(1, 1), 1);
      expect(next.follower.seq).toBeGreaterThan(0);
    });
  });

  it('a malformed message is reported and harms no follower', async () => {
    const reader = await aReader(engine);
    const followed = await reader.follow(runId);
    const channel = `api:${reader.instance}`;
    for (const torn of ['nonsense', '["run_1",1]\nx', '[', '{}\n']) await engine.bus.send(channel, torn);
    const writer = await new TestWorker(engine).open(runId);
    writer.write(frames(1, 1).join(''));
    await writer.end(5_000);
    await ended(followed);
    expect(reader.errors.length).toBeGreaterThan(0);
  });

  it('a reader that leaves and rejoins at once is among the readers, however slow the bus is', async () => {
    const { bus } = engine;
    const slow = {
      ...boundBus(bus),
      leave: async (id: string, instance: string) => {
        await bus.readersOf([id]);
        await bus.readersOf([id]);
        await bus.leave(id, instance);
      },
    };
    const copies = new RunCopies({ bus: slow } as EventEngine, { id: `api_${runId}` }, recordingLogger([]));
    await copies.follow(runId, ignore);
    expect(copies.unfollow(runId, ignore)).toBe(true);
    await copies.follow(runId, ignore);
    await bus.readersOf([runId]);
    expect((await bus.readersOf([runId])).get(runId)).toEqual([`api_${runId}`]);
  });
});

const ignore = (): void => undefined;

const boundBus = (bus: EventEngine['bus']): EventEngine['bus'] => ({
  join: (runId, instance) => bus.join(runId, instance),
  leave: (runId, instance) => bus.leave(runId, instance),
  readersOf: (runIds) => bus.readersOf(runIds),
  listen: (channel, hear) => bus.listen(channel, hear),
  send: (channel, message) => bus.send(channel, message),
});
