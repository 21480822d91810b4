import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { Database, type EventEngine, type PolicyState } from '#runtime';
import { connectEventEngine } from '../../libs/runtime/src/nest/connect-event-engine.js';
import { engineKinds, testRedisUrl } from '../support/engines.js';
import { TcpGate } from './support/tcp-gate.js';
import { useWorld } from './support/world.js';

const MINUTE_MS = 60_000;
const TABLES = ['policy_rates', 'policy_permits', 'policy_breakers', 'policy_asides'];

const FAILURE = [
  { failures: 1, openMs: 1, maxOpenMs: 1 },
  { code: 'unavailable', detail: 'HTTP 503', isProbe: false },
] as const;

describe.each(engineKinds)('the shared state of the workers on %s', (kind) => {
  const world = useWorld();
  let engine: EventEngine;
  let state: PolicyState;
  let redis: Redis | undefined;
  let key: string;
  beforeAll(async () => {
    engine = await world.openEngine(kind);
    state = engine.policies;
    if (kind === 'redis') redis = new Redis(testRedisUrl() ?? '');
  });
  beforeEach(() => {
    key = newId('message');
  });
  afterAll(() => {
    redis?.disconnect();
  });

  const fill = async (ms: number): Promise<void> => {
    await state.book([{ key, perMinute: MINUTE_MS / ms, burst: 0, cost: 1 }], 0);
    await state.acquire({ key, holder: 'a' }, 1, ms);
    await state.setAside(key, ms);
  };
  const rows = async (): Promise<number> => {
    const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table} WHERE key = $1)`).join(' + ');
    const { rows: found } = await world.db.pool.query<{ n: string }>(`SELECT ${counts} AS n`, [key]);
    return Number(found[0]?.n);
  };
  const kept = async (): Promise<number> => {
    await engine.removeExpired();
    return redis ? (await redis.keys(`*:${key}`)).length : rows();
  };

  it('lasts for its time', async () => {
    await fill(600_000);
    await state.countFailure(key, ...FAILURE);
    expect(await kept()).toBe(4);
  });

  it('expires by itself, or by the sweeper', async () => {
    await fill(30);
    await expect.poll(kept, { timeout: 10_000 }).toBe(0);
  });
});

const everything = (cut: PolicyState, key = 'a'): Promise<unknown>[] => [
  cut.book([{ key, perMinute: 1, burst: 0, cost: 1 }], 0),
  cut.correct([{ key, perMinute: 1, burst: 0, cost: 1 }]),
  cut.acquire({ key, holder: 'a' }, 1, 1_000),
  cut.release({ key, holder: 'a' }),
  cut.breaker(key),
  cut.countFailure(key, ...FAILURE),
  cut.takeProbe(key, 1),
  cut.releaseProbe(key),
  cut.closeBreaker(key),
  cut.breakers(),
  cut.holdBreaker(key),
  cut.resetBreaker(key),
  cut.setAside(key, 1),
  cut.asideFor([key]),
];
const outcomes = async (cut: PolicyState): Promise<string[]> =>
  (await Promise.allSettled(everything(cut))).map(({ status }) => status);

describe.each(engineKinds)('%s when it is unavailable', (kind) => {
  const world = useWorld();

  const through = async (work: (cut: PolicyState, gate: TcpGate) => Promise<void>): Promise<void> => {
    const { databaseUrl, redis } = world.stores(kind);
    const redisUrl = redis?.url;
    const gate = await TcpGate.open(new URL(redisUrl ?? databaseUrl));
    const stores = redisUrl
      ? { databaseUrl, redis: { url: gate.through(redisUrl) } }
      : { databaseUrl: gate.through(databaseUrl), redis };
    const db = new Database(stores.databaseUrl, { maxConnections: 4, name: 'cut' });
    const engine = await connectEventEngine(db, stores, () => undefined);
    try {
      await work(engine.policies, gate);
    } finally {
      gate.shut();
      await engine.close();
      await db.close();
    }
  };
  it.each(['hold', 'shut'] as const)('rejects instead of waiting (%s)', async (how) => {
    await through(async (cut, gate) => {
      expect(new Set(await outcomes(cut))).toEqual(new Set(['fulfilled']));
      gate[how]();
      expect(new Set(await outcomes(cut))).toEqual(new Set(['rejected']));
    });
  });
});

describe.runIf(engineKinds.includes('redis'))('the shared state in Redis (skipped where there is no Redis)', () => {
  let state: PolicyState;
  let redis: Redis;
  const booking = { key: 'a', perMinute: 1, burst: 0, cost: 1 };

  const world = useWorld();

  beforeAll(async () => {
    ({ policies: state } = await world.openEngine('redis'));
    redis = new Redis(testRedisUrl() ?? '');
  });
  afterAll(() => {
    redis.disconnect();
  });

  it('has an expiry on every key', async () => {
    await state.book([booking], 0);
    await state.acquire({ key: 'a', holder: 'b' }, 1, 60_000);
    await state.countFailure('a', ...FAILURE);
    await state.setAside('a', 60_000);
    const keys = await redis.keys((await world.names()).all);
    const ends = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(keys.length).toBeGreaterThanOrEqual(4);
    expect(ends.filter((end) => end === -1)).toEqual([]);
  });

  it('survives a Redis that has lost the scripts', async () => {
    await redis.script('FLUSH');
    expect((await state.book([{ ...booking, key: 'b' }], 0)).booked).toBe(true);
  });
});
