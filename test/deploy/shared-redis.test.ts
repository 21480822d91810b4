import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import { Database, namesOf } from '#runtime';
import { createThread, doneItems, post, textOf } from '../support/chat.js';
import { createTestDatabase, engineKinds, testRedisUrl } from '../support/engines.js';
import { it } from '../support/own.js';
import { startRelay } from '../support/relay.js';
import { redisNames } from '../support/stores.js';

const TURNS = 8;
/** A run whose job somebody else has taken waits longer (`DISPATCH_GRACE_MS`), and only then is its job added again. */
const WITHIN_MS = 10_000;

/** Two installations that differ in their database only. */
async function twoInstallations(own: <T extends { stop(): unknown }>(one: T) => T) {
  const [first, second] = await Promise.all([startRelay('redis'), startRelay('redis')]);
  return [own(first), own(second)] as const;
}

describe.runIf(engineKinds.includes('redis'))('one Redis for several installations (skipped without Redis)', () => {
  it('gives each its own jobs, answers and limits', { timeout: 120_000 }, async ({ own }) => {
    const redis = own(withStop(new Redis(testRedisUrl() ?? '')));
    const earlier = new Set(await redis.client.keys('*'));
    const relays = await twoInstallations(own);
    const answers = relays.flatMap(({ url }) =>
      Array.from({ length: TURNS }, async (_, number) => {
        const answer = await Promise.race([post(url, createThread(`Turn ${number} (tokens=5)`)), sleep(WITHIN_MS)]);
        return answer ? doneItems(answer.events, 'assistant_message').map(textOf).join('|').trim() : 'late';
      }),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['tok1 tok2 tok3 tok4 tok5']));
    const keys = (await redis.client.keys('*')).filter((key) => !earlier.has(key));
    const names = await Promise.all(relays.map(({ variables }) => redisNames(variables['DATABASE_URL'] ?? '')));
    const counts = names.map(({ prefix }) => keys.filter((key) => key.startsWith(`${prefix}:`)).length);
    expect(Math.min(...counts)).toBeGreaterThan(TURNS);
    expect(counts.reduce((sum, count) => sum + count)).toBe(keys.length);
  });

  it('is the same installation for processes that start at once, and another one for a copy of its data', async ({
    own,
  }) => {
    const database = await createTestDatabase();
    own({ stop: () => database.drop() });
    const starting = Array.from({ length: 6 }, () => new Database(database.url, { maxConnections: 1, name: 'test' }));
    const prefixes = await Promise.all(starting.map(({ system }) => namesOf({ url: '' }, system)));
    await Promise.all(starting.map((db) => db.close()));
    expect(new Set(prefixes.map(({ prefix }) => prefix)).size).toBe(1);
    const copy = await createTestDatabase({}, database.url);
    own({ stop: () => copy.drop() });
    expect((await redisNames(copy.url)).prefix).not.toBe(prefixes[0]?.prefix);
    expect((await redisNames(database.url)).prefix).toBe(prefixes[0]?.prefix);
  });
});

const withStop = (client: Redis) => ({ client, stop: () => client.disconnect() });
