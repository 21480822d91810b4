import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { until } from '../support/chat.js';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask } from './auth/ask.js';
import { adminBounds } from './support/bounds-page.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';

const CHATKIT_CONFIG = join(temporaryFolder('admin-bounds-'), 'relay.config.yaml');
writeFileSync(
  CHATKIT_CONFIG,
  'quotas: { reserve: { tokens: 1 }, perUser: { tokensPerDay: 1000 } }\nlimits: { activeRuns: { perTenant: 30 } }',
);

// No workers: nothing recovers the runs that are put into the tables, nor counts as a worker.
const relay = useRelay('postgres', { workers: 0, variables: { ADMIN_TOKEN, CHATKIT_CONFIG } });

/** What the page says of a limit: the number, and the status of what goes beyond it. */
function boundOf(name: string): { readonly most: number; readonly status: number } {
  const { most, status } = adminBounds.find((one) => one.name === name) ?? { most: '', status: 0 };
  return { most: Number(most.split(' ')[0]?.replaceAll(',', '')), status };
}

interface Read<T> {
  readonly status: number;
  readonly json: T;
  readonly text: string;
}

async function read<T>(path: string): Promise<Read<T>> {
  const { status, json, text } = await ask(relay.url, `/admin/api/${path}`, { token: ADMIN_TOKEN });
  return { status, json: json as T, text };
}

interface Page {
  readonly data: readonly unknown[];
  readonly has_more: boolean;
  readonly looked_until: string | null;
}
interface Usage {
  readonly days: readonly unknown[];
  readonly models: readonly unknown[];
  readonly users: readonly unknown[];
  readonly trends: { readonly models: readonly unknown[]; readonly users: readonly unknown[] };
}
interface Limits {
  readonly runs: { readonly owners: readonly unknown[] };
  readonly quotas: { readonly data: readonly unknown[]; readonly is_cut: boolean };
}

/** Runs that failed just now, without a thread. */
const failedRuns = (count: number): Promise<unknown> =>
  relay.query(
    `INSERT INTO runs (id, tenant_id, owner_id, state, trigger, assistant_id, error_code, settled_at)
     SELECT id, 'default', 'ada', 'failed', 'completion', 'default', 'run.internal', now() FROM unnest($1::text[]) AS run(id)`,
    [Array.from({ length: count }, () => newId('run'))],
  );

const clear = (table: string): Promise<unknown> => relay.query(`TRUNCATE ${table} CASCADE`);

/** The day that is so many days after the first of January. */
const day = (after: number): string => new Date(Date.UTC(2026, 0, 1 + after)).toISOString().slice(0, 10);

/** Each limit of the administration: as much as it says is answered whole, and more is cut or refused as it says. */
const bounds: Record<string, () => Promise<void>> = {
  'admin.page': async () => {
    const { most, status } = boundOf('admin.page');
    await failedRuns(most + 1);
    const { json } = await read<Page>(`runs?limit=${most}`);
    expect([json.data.length, json.has_more]).toEqual([most, true]);
    for (const path of [`runs?limit=${most + 1}`, 'runs?limit=1000000000', `audit?limit=${most + 1}`]) {
      expect({ path, status: (await read(path)).status }).toEqual({ path, status });
    }
    expect((await read(`audit?limit=${most}`)).status).toBe(200);
  },

  'admin.search': async () => {
    const { most, status } = boundOf('admin.search');
    await clear('runs');
    await failedRuns(most - 1);
    expect((await read<Page>('runs?q=nobody')).json).toMatchObject({ data: [], has_more: false, looked_until: null });
    await failedRuns(2);
    const found = await read<Page>('runs?q=nobody');
    expect(found).toMatchObject({ status, json: { data: [], has_more: true, looked_until: expect.any(String) } });
  },

  'admin.failures': async () => {
    const { most, status } = boundOf('admin.failures');
    await clear('runs');
    await failedRuns(most + 1);
    expect(await read('overview')).toMatchObject({ status, json: { failed: [{ code: 'run.internal', count: most }] } });
  },

  'admin.workers': async () => {
    const { most, status } = boundOf('admin.workers');
    await clear('runs');
    await relay.query(
      `INSERT INTO runs (id, tenant_id, owner_id, state, trigger, assistant_id, fence, attempt, worker_id, lease_expires_at)
       SELECT id, 'default', 'user' || n, 'working', 'completion', 'default', 1, 1, 'wrk_' || to_char(n, 'FM00000'),
              now() + interval '1 h'
       FROM unnest($1::text[]) WITH ORDINALITY AS run(id, n)`,
      [Array.from({ length: most + 1 }, () => newId('run'))],
    );
    const found = await read<Page>('workers');
    expect([found.status, found.json.data.length]).toEqual([status, most]);
    expect(found.json.data.at(-1)).toMatchObject({ id: `wrk_0${most}` });
  },

  'admin.owners': async () => {
    const { most, status } = boundOf('admin.owners');
    // The runs of the workers above: one of each user.
    const found = await read<Limits>('limits');
    expect([found.status, found.json.runs.owners.length]).toEqual([status, most]);
  },

  'admin.breakers': async () => {
    const { most, status } = boundOf('admin.breakers');
    await relay.query(
      `INSERT INTO policy_breakers (key, failures, expires_at)
       SELECT 'p/' || to_char(n, 'FM00000'), 1, now() + interval '1 h' FROM generate_series(1, $1::int) AS n`,
      [most + 1],
    );
    const found = await read<Page>('breakers');
    expect([found.status, found.json.data.length]).toEqual([status, most]);
    expect(found.text).toContain(`0${most}`);
    expect(found.text).not.toContain(`0${most + 1}`);
  },

  'admin.usage.days': async () => {
    const { most, status } = boundOf('admin.usage.days');
    const within = await read<Usage>(`usage?from=${day(0)}&to=${day(most - 1)}`);
    expect([within.status, within.json.days.length]).toEqual([200, most]);
    for (const last of [most, 3_650]) expect((await read(`usage?from=${day(0)}&to=${day(last)}`)).status).toBe(status);
  },

  'admin.usage.rows': async () => {
    const { most, status } = boundOf('admin.usage.rows');
    await relay.query(
      `INSERT INTO model_usage (run_id, fence, provider, model, tenant_id, owner_id, calls, input_tokens, output_tokens,
                                cached_input_tokens, reasoning_tokens, cost_micros, estimated)
       SELECT 'run_' || n, 1, 'p', 'm' || n, 'default', 'user' || n, 1, 1, 1, 0, 0, n, false
       FROM generate_series(1, $1::int) AS n`,
      [most + 1],
    );
    const { status: answered, json, text } = await read<Usage>('usage');
    expect([answered, json.models.length, json.users.length]).toEqual([status, most, most]);
    expect(json.models[0]).toMatchObject({ model: `p/m${most + 1}` });
    expect(text).not.toContain('"p/m1"');
  },

  'admin.usage.trends': async () => {
    const { most, status } = boundOf('admin.usage.trends');
    // Of the models and users above.
    const { status: answered, json } = await read<Usage>('usage');
    expect([answered, json.trends.models.length, json.trends.users.length]).toEqual([status, most, most]);
  },

  'admin.quotas': async () => {
    const { most, status } = boundOf('admin.quotas');
    await counters(most + 1);
    const found = await read<Limits>('limits');
    expect([found.status, found.json.quotas.data.length]).toEqual([status, most]);
    expect(found.json.quotas.is_cut).toBe(false);
  },

  'admin.counters': async () => {
    const { most, status } = boundOf('admin.counters');
    await counters(most - 1);
    expect((await read<Limits>('limits')).json.quotas.is_cut).toBe(false);
    await counters(most + 1);
    expect(await read<Limits>('limits')).toMatchObject({ status, json: { quotas: { is_cut: true } } });
  },

  'admin.time': async () => {
    const { status } = boundOf('admin.time');
    const held = relay.query(
      'DO $$ BEGIN LOCK TABLE model_usage IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(8); END $$',
    );
    const LOCKED = `SELECT 1 FROM pg_locks WHERE relation = 'model_usage'::regclass AND mode = 'AccessExclusiveLock' AND granted`;
    await until('usage is locked', 5_000, async () => (await relay.query(LOCKED)).length > 0);
    const found = await read('usage');
    expect(found.status).toBe(status);
    expect(found.text).toContain(`longer than ${boundOf('admin.time').most} s`);
    await held;
  },
};

/** Counters of so many users, each of which has used something. */
async function counters(count: number): Promise<void> {
  await clear('quota_counters');
  await relay.query(
    `INSERT INTO quota_counters (tenant_id, owner_id, day, day_tokens, month_tokens)
     SELECT 'default', 'user' || n, (now() AT TIME ZONE 'UTC')::date, 10, 10 FROM generate_series(1, $1::int) AS n`,
    [count],
  );
}

describe('what the administration reads', () => {
  it.each(Object.entries(bounds))(
    '%s',
    async (_, hold) => {
      await expect(hold()).resolves.toBeUndefined();
    },
    120_000,
  );
});

it('every limit of the administration that the documentation lists is tried, and no other', () => {
  expect(Object.keys(bounds).toSorted()).toEqual(adminBounds.map(({ name }) => name).toSorted());
});
