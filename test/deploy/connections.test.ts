import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import { connectionsOf } from '#runtime';
import { tell } from '../chaos/support/figures.js';
import { startOwnRedis } from '../chaos/support/own-redis.js';
import { createThread, post } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { it } from '../support/own.js';
import { type Relay, startRelay } from '../support/relay.js';

const TURNS = 150;

type Role = 'api' | 'worker';

/** The names of BullMQ's connections that wait for jobs are those of the queues; the two listeners have one name. */
const IN_POSTGRES = `
  SELECT count(*) FILTER (WHERE application_name LIKE 'chatkit-relay api%')::int AS api,
         count(*) FILTER (WHERE application_name LIKE 'chatkit-relay worker%'
                             OR application_name IN ('run-turn', 'assistant-call'))::int AS worker,
         count(*) FILTER (WHERE application_name = 'chatkit-relay listener')::int AS listeners
  FROM pg_stat_activity WHERE datname = current_database()`;

/** The most that were seen at once while many people wrote. */
async function underLoad(relay: Relay): Promise<Record<Role | 'listeners', number>> {
  const most = { api: 0, worker: 0, listeners: 0 };
  const over = new AbortController();
  const load = Promise.all(
    Array.from({ length: TURNS }, (_, number) =>
      post(relay.url, createThread('Hello (tokens=20)'), { user: `user-${number}` }),
    ),
  ).finally(() => over.abort());
  while (!over.signal.aborted) {
    const [now] = await relay.query<typeof most>(IN_POSTGRES);
    for (const name of Object.keys(most) as (keyof typeof most)[]) most[name] = Math.max(most[name], now?.[name] ?? 0);
  }
  expect((await load).filter(({ status, complete }) => status !== 200 || !complete)).toEqual([]);
  return most;
}

describe('the connections of a process', () => {
  it('stand in docs/deploy.md as the code bounds them', () => {
    const rows = [
      ...readFileSync('docs/deploy.md', 'utf8').matchAll(/^\| (API|worker) +\| (\d+) +\| (\d+) +\| (\d+) +\|$/gm),
    ];
    expect(rows.map(([, name, ...counts]) => [name, ...counts.map(Number)])).toEqual(
      (['api', 'worker'] as const).map((role) => [
        role === 'api' ? 'API' : role,
        connectionsOf(role, true).postgres,
        connectionsOf(role, false).postgres,
        connectionsOf(role, true).redis,
      ]),
    );
  });

  describe.each(engineKinds)('on the %s engine', (engine) => {
    it('are no more than that under load', { timeout: 120_000 }, async ({ own }) => {
      const redis = engine === 'redis' ? await startOwnRedis() : undefined;
      if (redis) own({ stop: () => redis.kill() });
      const url = redis && `redis://127.0.0.1:${redis.port}`;
      const relay = own(await startRelay('postgres', { workers: 0, variables: { REDIS_URL: url } }));
      const admin = url === undefined ? undefined : own(withStop(new Redis(url)));
      const clients = async (): Promise<number> =>
        admin
          ? String(await admin.client('LIST'))
              .trim()
              .split('\n').length - 1
          : 0;
      const ofApi = connectionsOf('api', redis !== undefined);
      const ofWorker = connectionsOf('worker', redis !== undefined);
      expect(await clients()).toBe(ofApi.redis);
      await relay.startWorker();
      const most = await underLoad(relay);
      // The load does use what the bound is about.
      expect(most.api).toBeGreaterThan(1);
      expect(most.worker).toBeGreaterThan(1);
      expect(most.listeners).toBe(redis ? 0 : 2);
      const listening = redis ? 0 : 1;
      expect(most.api + listening).toBeLessThanOrEqual(ofApi.postgres);
      expect(most.worker + listening).toBeLessThanOrEqual(ofWorker.postgres);
      expect(await clients()).toBe(ofApi.redis + ofWorker.redis);
      tell(`connections to Postgres under load (${engine})`, most);
    });
  });
});

const withStop = (client: Redis) => Object.assign(client, { stop: () => client.disconnect() });
