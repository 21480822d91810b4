import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { publicQuota, QuotasConfig, quotasOf } from '#runtime';
import { aTurn, auth, lifecycleOf, useWorld } from './support/world.js';

/** Its midnight is a quarter past six in the evening of UTC. */
const world = useWorld({ timezone: 'Asia/Kathmandu' });

const quotas = quotasOf(
  QuotasConfig.parse({ reserve: { tokens: 100 }, perUser: { tokensPerDay: 1_000, tokensPerMonth: 5_000 } }),
);

/** Makes Postgres' clock one that is set by hand, for all connections that are opened from now on. */
beforeAll(async () => {
  const client = new pg.Client(world.url);
  await client.connect();
  await client.query(`
    CREATE SCHEMA set_clock;
    CREATE TABLE set_clock.reading (at timestamptz NOT NULL);
    INSERT INTO set_clock.reading VALUES (now());
    CREATE FUNCTION set_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM set_clock.reading';
    ALTER TABLE quota_entries ALTER created_at SET DEFAULT set_clock.clock_timestamp();
    GRANT USAGE ON SCHEMA set_clock TO PUBLIC;
    GRANT SELECT ON set_clock.reading TO PUBLIC;`);
  // What is not named in a path comes first.
  const name = new URL(world.url).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} SET search_path = set_clock, public, pg_catalog`);
  await client.end();
});

const setClock = (at: string) => world.db.pool.query('UPDATE set_clock.reading SET at = $1', [at]);

describe('a day and a month of a quota', () => {
  it.each([
    ['of 31 days', '2027-01-31', '2027-02-01', 'begins'],
    ['before it', '2027-01-30', '2027-01-31', 'goes on'],
    ['of 28 days', '2027-02-28', '2027-03-01', 'begins'],
    ['of 29 days', '2028-02-29', '2028-03-01', 'begins'],
    ['before that', '2028-02-28', '2028-02-29', 'goes on'],
    ['of 30 days', '2027-04-30', '2027-05-01', 'begins'],
    ['of the year', '2027-12-31', '2028-01-01', 'begins'],
  ])('end at midnight of UTC, whatever the zone of Postgres: %s, %s', async (_, day, next, month) => {
    const { lifecycle } = lifecycleOf(world, {}, { quotas });
    const ada = auth('ada', newId('run'));
    const seen = async () => {
      const all = (await lifecycle.quotas(ada)).map(publicQuota);
      return all.map(({ used, resets_at: resetsAt }) => ({ used, resetsAt }));
    };
    const endOfMonth = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
    endOfMonth.setUTCMonth(endOfMonth.getUTCMonth() + 1);
    const monthResets = endOfMonth.toISOString().replace('.000', '');

    // The zone's own day begins in between.
    await setClock(`${day}T18:14:59Z`);
    const asked = aTurn();
    await lifecycle.admit(ada, asked);
    const held = await lifecycle.claim({ runId: asked.runId, fence: 0 }, 'wrk_1');
    if (!held) throw new Error('the run could not be claimed');
    const tokens = { inputTokens: 399, outputTokens: 1 };
    const modelUsage = {
      provider: 'openai',
      model: 'gpt',
      calls: 1,
      cachedInputTokens: 0,
      reasoningTokens: 0,
      costMicros: undefined,
      estimated: false,
      ...tokens,
    };
    await lifecycle.settle(held, { state: 'completed', usage: tokens, modelUsage: [modelUsage] }, []);

    for (const time of ['18:15:01', '23:59:59.999']) {
      await setClock(`${day}T${time}Z`);
      expect(await seen()).toEqual([
        { used: 400, resetsAt: monthResets },
        { used: 400, resetsAt: `${next}T00:00:00Z` },
      ]);
    }
    await setClock(`${next}T00:00:00Z`);
    expect(await seen()).toMatchObject([{ used: month === 'begins' ? 0 : 400 }, { used: 0 }]);
  });
});
