import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import type { EventEngine } from '#runtime';
import { decodeEntries } from '../../libs/runtime/src/events/entry.js';
import { instanceChannel } from '../../libs/runtime/src/events/run-bus.js';
import { engineKinds, testRedisUrl } from '../support/engines.js';
import { anEntry, frames } from './support/events.js';
import { useWorld } from './support/world.js';

const HOUR_MS = 3_600_000;

describe.each(engineKinds)('the %s run log', (kind) => {
  const world = useWorld();
  let engine: EventEngine;
  let redis: Redis | undefined;
  let runId: string;
  beforeAll(async () => {
    engine = await world.openEngine(kind);
    if (kind === 'redis') redis = new Redis(testRedisUrl() ?? '');
  });
  beforeEach(() => {
    runId = newId('run');
  });
  afterAll(() => {
    redis?.disconnect();
  });

  const places = async (after?: { fence: number; seq: number }): Promise<string[]> =>
    (await engine.log.readAfter(runId, after)).map(({ fence, first, last }) => `${fence}:${first}-${last}`);

  /** Milliseconds until the log expires. */
  const timeLeft = async (of = runId): Promise<number> => {
    if (redis) return redis.pttl((await world.names()).log(of));
    const { rows } = await world.db.pool.query<{ ms: string }>(
      'SELECT extract(epoch FROM expires_at - now()) * 1000 AS ms FROM run_log_heads WHERE run_id = $1',
      [of],
    );
    return Number(rows[0]?.ms);
  };

  const readers = async (): Promise<string[]> => (await engine.bus.readersOf([runId])).get(runId)?.toSorted() ?? [];

  const letExpire = async (): Promise<void> => {
    if (redis) await redis.pexpire((await world.names()).log(runId), 1);
    else
      await world.db.pool.query(`UPDATE run_log_heads SET expires_at = now() - interval '1 s' WHERE run_id = $1`, [
        runId,
      ]);
  };

  describe('append and read', () => {
    it('keeps the order of entries, and reads from any position', async () => {
      for (const [first, last] of [
        [1, 3],
        [4, 4],
        [5, 12],
      ] as const) {
        expect(await engine.log.append([anEntry(runId, { first, last })], [])).toEqual([]);
      }
      expect(await places()).toEqual(['1:1-3', '1:4-4', '1:5-12']);
      expect(await places({ fence: 1, seq: 3 })).toEqual(['1:4-4', '1:5-12']);
      expect(await places({ fence: 1, seq: 12 })).toEqual([]);
      expect(await places({ fence: 2, seq: 0 })).toEqual([]);
      expect(await engine.log.readAfter('run_none')).toEqual([]);
    });

    it('reads over all fences, newer after older, numbers above 9 too', async () => {
      await engine.log.append([anEntry(runId, { first: 1, last: 9 }), anEntry(runId, { first: 10, last: 100 })], []);
      await engine.log.append([anEntry(runId, { fence: 2, first: 1, last: 2 })], []);
      await engine.log.append([anEntry(runId, { fence: 10, first: 1, last: 1 })], []);
      expect(await places()).toEqual(['1:1-9', '1:10-100', '2:1-2', '10:1-1']);
      expect(await places({ fence: 1, seq: 100 })).toEqual(['2:1-2', '10:1-1']);
    });

    it.each([
      ['just below the limit of a message', 'x'.repeat(6_800)],
      ['just above it', 'x'.repeat(8_100)],
      ['1 MB', 'ä😀'.repeat(175_000)],
      ['awkward text', '"\\u0000\\ud800 \\n\u2028\u0001\r ;\\x"'],
      ['nothing', ''],
    ])('gives back what it was given: %s', async (_size, text) => {
      const given = { first: 1, last: 2, frames: text, opened: ['msg_ü'], closed: ['msg_1', 'msg_2'], end: true };
      expect(await engine.log.append([anEntry(runId, given)], [])).toEqual([]);
      const [entry] = await engine.log.readAfter(runId);
      expect(entry).toMatchObject({ ...given, runId, fence: 1, frames: expect.anything() });
      expect(entry?.frames.toString('utf8')).toBe(text);
    });
  });

  describe('refusal', () => {
    it('happens to entries that are not newer, and changes nothing', async () => {
      await engine.log.append([anEntry(runId, { fence: 2, first: 1, last: 5, frames: 'kept' })], []);
      for (const late of [
        { fence: 2, first: 1, last: 5 },
        { fence: 2, first: 3, last: 4 },
        { fence: 1, first: 6, last: 99 },
      ]) {
        expect(await engine.log.append([anEntry(runId, { ...late, frames: 'late' })], [])).toEqual([
          { runId, refused: { fence: late.fence, seq: late.last }, newest: { fence: 2, seq: 5 } },
        ]);
      }
      const entries = await engine.log.readAfter(runId);
      expect(entries.map((entry) => entry.frames.toString())).toEqual(['kept']);
    });

    it('of one run does not affect the others of the same round trip', async () => {
      const other = newId('run');
      await engine.log.append([anEntry(runId, { fence: 3, first: 1, last: 1 })], []);
      const refusals = await engine.log.append(
        [
          anEntry(other, { first: 1, last: 1 }),
          anEntry(runId, { first: 1, last: 2 }),
          anEntry(other, { first: 2, last: 3 }),
        ],
        [],
      );
      expect(refusals).toEqual([{ runId, refused: { fence: 1, seq: 2 }, newest: { fence: 3, seq: 1 } }]);
      expect((await engine.log.readAfter(other)).map(({ last }) => last)).toEqual([1, 3]);
    });

    it('does not prevent entries that are sent again with newer ones after them', async () => {
      const [one, two, three] = [1, 2, 3].map((n) => anEntry(runId, { first: n, last: n }));
      if (!one || !two || !three) throw new Error('unreachable');
      await engine.log.append([one, two], []);
      await engine.log.append([one, two, three], []);
      expect(await places()).toEqual(['1:1-1', '1:2-2', '1:3-3']);
    });

    it('distinguishes two attempts of one run in one round trip', async () => {
      await engine.log.append([anEntry(runId, { first: 1, last: 50 })], []);
      await engine.log.append(
        [anEntry(runId, { fence: 2, first: 1, last: 1 }), anEntry(runId, { fence: 1, first: 51, last: 60 })],
        [],
      );
      expect(await engine.log.append([anEntry(runId, { fence: 2, first: 2, last: 2 })], [])).toEqual([]);
      expect(await places()).toEqual(['1:1-50', '2:1-1', '2:2-2']);
    });
  });

  describe('expiry', () => {
    it('is a day for a run that never settles, and what its last entry says for one that does', async () => {
      await engine.log.append([anEntry(runId, { first: 1, last: 1 })], []);
      expect(await timeLeft()).toBeGreaterThan(23.9 * HOUR_MS);
      await engine.log.append([anEntry(runId, { first: 2, last: 2 })], []);
      expect(await timeLeft()).toBeGreaterThan(23.9 * HOUR_MS);
      const logEnd = { keptMs: HOUR_MS };
      await engine.log.append([anEntry(runId, { first: 3, last: 3, end: true, logEnd })], []);
      expect(await timeLeft()).toBeLessThan(1.01 * HOUR_MS);
      expect(await timeLeft()).toBeGreaterThan(0.9 * HOUR_MS);
      const short = newId('run');
      await engine.log.append([anEntry(short, { first: 1, last: 1, end: true, logEnd })], []);
      expect(await timeLeft(short)).toBeLessThan(1.01 * HOUR_MS);
    });

    it('deletes a whole log, and no other', async () => {
      const kept = newId('run');
      await engine.log.append([anEntry(runId, { first: 1, last: 1 }), anEntry(kept, { first: 1, last: 1 })], []);
      await letExpire();
      await expect
        .poll(async () => {
          await engine.removeExpired();
          return places();
        })
        .toEqual([]);
      expect(await engine.log.readAfter(kept)).toHaveLength(1);
    });
  });

  describe('the end of a run', () => {
    const merged = [
      { first: 1, last: 2, frames: 'one' },
      { first: 3, last: 5, frames: 'two', end: true },
    ];
    const logEnd = () => ({ keptMs: HOUR_MS, merged: merged.map((one) => anEntry(runId, one).encoded).join('') });
    const lastEntry = (fence = 1) => anEntry(runId, { fence, first: 5, last: 5, end: true, logEnd: logEnd() });

    it('puts the merged entries in the place of all others, also of those in the same round trip', async () => {
      const other = newId('run');
      await engine.log.append([anEntry(runId, { first: 1, last: 3 }), anEntry(other, { first: 1, last: 1 })], []);
      const entries = [anEntry(runId, { first: 4, last: 4 }), lastEntry(), anEntry(other, { first: 2, last: 2 })];
      expect(await engine.log.append(entries, [])).toEqual([]);
      expect(await places()).toEqual(['1:1-2', '1:3-5']);
      expect(await places({ fence: 1, seq: 1 })).toEqual(['1:1-2', '1:3-5']);
      expect(await places({ fence: 1, seq: 2 })).toEqual(['1:3-5']);
      expect(await places({ fence: 1, seq: 5 })).toEqual([]);
      expect((await engine.log.readAfter(other)).map(({ last }) => last)).toEqual([1, 2]);
      expect(await engine.log.append(entries, [])).toHaveLength(kind === 'redis' ? 3 : 2);
      expect(await places()).toEqual(['1:1-2', '1:3-5']);
    });

    it('changes nothing when it is refused', async () => {
      await engine.log.append([anEntry(runId, { fence: 2, first: 1, last: 1 })], []);
      expect(await engine.log.append([lastEntry()], [])).toHaveLength(1);
      expect(await places()).toEqual(['2:1-1']);
    });

    it('takes the logs of earlier attempts along', async () => {
      await engine.log.append([anEntry(runId, { first: 1, last: 9 })], []);
      await engine.log.append([lastEntry(2)], []);
      expect(await places()).toEqual(['1:1-2', '1:3-5']);
    });
  });

  describe('copies', () => {
    it('reach the instances that they are for, all runs of a round trip in order', async () => {
      const heard: Record<string, string[]> = { one: [], two: [], none: [] };
      const reader = await world.openEngine(kind);
      const stops = await Promise.all(
        Object.entries(heard).map(([name, messages]) =>
          reader.bus.listen(instanceChannel(`api_${name}_${runId}`), (message) => {
            for (const { runId: of, last } of decodeEntries(message)) messages.push(`${of === runId}:${last}`);
          }),
        ),
      );
      const entries = [1, 2, 3].map((n) => anEntry(runId, { first: n, last: n }));
      const other = anEntry(newId('run'), { first: 1, last: 1 });
      const copies = [
        { instance: `api_one_${runId}`, entries: [...entries, other] },
        { instance: `api_two_${runId}`, entries: entries.slice(2) },
        { instance: 'api_nobody', entries },
      ];
      await engine.log.append([...entries, other], copies);
      await expect
        .poll(() => heard)
        .toEqual({ one: ['true:1', 'true:2', 'true:3', 'false:1'], two: ['true:3'], none: [] });
      await Promise.all(stops.map((stop) => stop()));
      await engine.log.append([anEntry(runId, { first: 4, last: 4 })], [{ instance: `api_one_${runId}`, entries }]);
      expect(heard['one']).toHaveLength(4);
    });

    it('are sent after the append: what is received can be read', async () => {
      const reader = await world.openEngine(kind);
      const read: Promise<string[]>[] = [];
      await reader.bus.listen(instanceChannel(`api_${runId}`), (message) => {
        const { last } = decodeEntries(message)[0] ?? { last: 0 };
        read.push(reader.log.readAfter(runId).then((entries) => [`${last}`, `${entries.at(-1)?.last}`]));
      });
      for (let n = 1; n <= 20; n++) {
        const entry = anEntry(runId, {
          first: n,
          last: n,
          frames: frames(n, n)
            .join('')
            .repeat(n * 10),
        });
        await engine.log.append([entry], [{ instance: `api_${runId}`, entries: [entry] }]);
      }
      await expect.poll(() => read.length).toBe(20);
      for (const [heard, newest] of await Promise.all(read))
        expect(Number(newest)).toBeGreaterThanOrEqual(Number(heard));
    });
  });

  describe('readers', () => {
    it('of a run are those that joined and did not leave', async () => {
      await Promise.all(['api_a', 'api_b', 'api_b'].map((instance) => engine.bus.join(runId, instance)));
      expect(await readers()).toEqual(['api_a', 'api_b']);
      await engine.bus.leave(runId, 'api_a');
      await engine.bus.leave(runId, 'api_never_joined');
      expect(await readers()).toEqual(['api_b']);
      expect(await engine.bus.readersOf([newId('run'), runId])).toEqual(new Map([[runId, ['api_b']]]));
      expect(await engine.bus.readersOf([])).toEqual(new Map());
    });

    it('lose their membership when they do not renew it', async () => {
      for (const instance of ['api_gone', 'api_stays']) await engine.bus.join(runId, instance);
      if (redis) await redis.zadd((await world.names()).readers(runId), Date.now() - 1, 'api_gone');
      else
        await world.db.pool.query(
          `UPDATE run_readers SET expires_at = now() - interval '1 s' WHERE instance = 'api_gone'`,
        );
      expect(await readers()).toEqual(['api_stays']);
      await engine.removeExpired();
      await engine.bus.join(runId, 'api_gone');
      expect(await readers()).toEqual(['api_gone', 'api_stays']);
    });
  });

  it('reports that it is unavailable once it is closed', async () => {
    const away = await world.openEngine(kind);
    await away.ping();
    expect(away.isReady()).toBe(true);
    await away.close();
    await expect.poll(() => away.isReady()).toBe(false);
  });
});
