import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { CallStore, Database, PrismaThreadStore, type RowOwner, UsageStore } from '#runtime';
import { CallerQuery, prepareScope } from '../../libs/runtime/src/platform/caller-query.js';
import { LimitsConfig, runLimits } from '../../libs/runtime/src/runs/limits.js';
import { quotasOf, QuotasConfig } from '../../libs/runtime/src/quotas/quotas.js';
import { FeedbackStore } from '../../libs/runtime/src/feedback/feedback-store.js';
import { UploadRecords } from '../../libs/runtime/src/attachments/upload-records.js';
import { ProviderKeys } from '../../libs/runtime/src/credentials/provider-keys.js';
import { createTestDatabase, type TestDatabase } from '../support/engines.js';
import { anAnswer, aTurn, auth, lifecycleOf, openWorld, type TestWorld, withAttachment } from './support/world.js';

const ROOT = join(import.meta.dirname, '../..');

/** Tables that callers' statements may not use at all, and why they need not. */
const CLOSED: Record<string, string> = {
  _prisma_migrations: 'which migrations there are',
  api_keys: 'looked up before there is a caller',
  audit_log: 'administration',
  cached_responses: 'found by a hash of the tenant and the whole call',
  catalogues: 'what workers offer, the same for all',
  deleted_files: 'written by a trigger; read by those who delete files',
  erasures: 'administration',
  file_sweeps: 'no rows of anybody',
  installations: 'the installation’s own',
  policy_asides: 'providers, the same for all',
  policy_breakers: 'providers, the same for all',
  policy_permits: 'providers, the same for all',
  policy_rates: 'providers, the same for all',
  run_log_entries: 'read by the id of a run, which is found in runs first, on both engines',
  run_log_heads: 'as run_log_entries',
  run_readers: 'as run_log_entries',
  signing_keys: 'the installation’s own',
};

/** Tables with an owner whose policy is by tenant only. */
const TENANT_WIDE: Record<string, string> = {
  attachment_totals: 'has a row for the whole tenant',
  model_usage: 'quotas of a tenant are counted from it',
  quota_counters: 'has a row for the whole tenant',
  quota_entries: 'has rows for the whole tenant',
  runs: 'limits count the runs of a tenant',
};

/** Files with statements over the rows of everybody. */
const SYSTEM: Record<string, string> = {
  'apps/api/src/admin/audit.controller.ts': 'administration',
  'apps/api/src/admin/audit.ts': 'administration',
  'apps/api/src/admin/limits.controller.ts': 'administration',
  'apps/api/src/admin/runs.controller.ts': 'administration',
  'apps/api/src/admin/threads.controller.ts': 'administration',
  'apps/api/src/admin/workers.controller.ts': 'administration',
  'apps/api/src/auth/auth.module.ts': 'keys, which say who the caller is',
  'apps/api/src/keys-command.ts': 'administration',
  'apps/worker/src/background/load-report.ts': 'what workers are doing',
  'libs/runtime/src/administration/within-time.ts': 'administration',
  'libs/runtime/src/admission/run-admission.ts':
    'places in the queue among all; which worker has a run; stops for an erasure',
  'libs/runtime/src/attachments/deleted-files.ts': 'deletion of files',
  'libs/runtime/src/attachments/sweep-orphans.ts': 'deletion of files',
  'libs/runtime/src/attachments/sweep-uploads.ts': 'deletion of files',
  'libs/runtime/src/attachments/upload-records.ts': 'the user of a signed link, which names a tenant',
  'libs/runtime/src/calls/call-store.ts': 'a job does not say whose call it is',
  'libs/runtime/src/credentials/provider-keys.ts': 'administration of all tenants',
  'libs/runtime/src/events/postgres/postgres-engine.ts': 'the run log, by runs',
  'libs/runtime/src/execution/claim.ts': 'batches; a job does not say whose run it is',
  'libs/runtime/src/execution/run-execution.ts': 'batches, leases, recovery',
  'libs/runtime/src/execution/sweep.ts': 'recovery',
  'libs/runtime/src/models/catalogue-store.ts': 'what workers offer',
  'libs/runtime/src/monitoring/backlog-metrics.ts': 'counts of all open runs',
  'libs/runtime/src/monitoring/schema-check.ts': 'which migrations there are',
  'libs/runtime/src/nest/connect-event-engine.ts': 'which installation this is, at the start',
  'libs/runtime/src/nest/platform.module.ts':
    'which migrations there are, and which installation this is, at the start',
  'libs/runtime/src/personal-data/erasure.ts': 'administration',
  'libs/runtime/src/personal-data/export-user.ts': 'administration',
  'libs/runtime/src/personal-data/find-remains.ts': 'administration',
  'libs/runtime/src/personal-data/finish-erasures.ts': 'administration',
  'libs/runtime/src/platform/database.ts': 'where it is made',
  'libs/runtime/src/platform/row-level-security.ts': 'the check at the start',
  'libs/runtime/src/retention/retention.ts': 'deletion by age',
  'libs/runtime/src/runs/run-dispatcher.ts': 'who is next of a tenant',
};

const PEOPLE = [auth('ada', 'acme'), auth('grace', 'acme'), auth('ada', 'other'), auth('grace', 'other')] as const;
const [ADA, , STRANGER] = PEOPLE;

let world: TestWorld;
let quotas: ReturnType<typeof quotasOf>;
beforeAll(async () => {
  world = await openWorld(true);
  quotas = quotasOf(QuotasConfig.parse({ perUser: { tokensPerDay: 1e9 }, perTenant: { tokensPerDay: 1e9 } }));
  for (const person of PEOPLE) await everything(world.db, person);
});
afterAll(() => world.close());

const limited = () => lifecycleOf(world, {}, { quotas }).lifecycle;

/** A row in each table that has a policy, by the product's own code. */
async function everything(db: Database, owner: ReturnType<typeof auth>): Promise<void> {
  const lifecycle = limited();
  const store = new PrismaThreadStore(db);
  const attachment = { type: 'file', id: newId('attachment'), name: 'a', mime_type: 'b' } as const;
  const none = { files: null, bytes: null };
  await new UploadRecords(db).create(owner, attachment, 1, { perUser: none, perTenant: none });
  const turn = withAttachment(aTurn({ text: owner.userId }), attachment.id);
  await lifecycle.admit(owner, turn);
  const claim = await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1', 20);
  if (!claim) throw new Error('the run could not be claimed');
  await lifecycle.storeItem(claim, anAnswer(turn.threadId));
  await lifecycle.beginTool(claim);
  const tokens = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, reasoningTokens: 0 };
  const modelUsage = [{ provider: 'p', model: 'm', calls: 1, ...tokens, estimated: false }];
  await lifecycle.settle(claim, { state: 'completed', usage: { inputTokens: 1, outputTokens: 1 }, modelUsage }, [
    anAnswer(turn.threadId),
  ]);
  await new UsageStore(db, quotas).book(
    { runId: turn.runId, fence: 2, tenantId: owner.tenantId, ownerId: owner.userId },
    modelUsage,
  );
  await new FeedbackStore(db).add(owner, { threadId: turn.threadId, itemIds: [turn.userItem.id], kind: 'positive' });
  const call = { kind: 'feedback', assistantId: 'default', payload: {}, context: {}, askedBy: 'api_1' } as const;
  await new CallStore(db).ask(owner, { ...call, callId: newId('run') });
  await new ProviderKeys(db, ['0123456789abcdef0123456789abcdef']).put(owner.tenantId, 'openai', 'sk-secret');
  await store.updateThread(owner, turn.threadId, { title: owner.userId });
}

const tables = async (sql: string): Promise<string[]> =>
  (await world.db.pool.query<{ name: string }>(sql)).rows.map(({ name }) => name);
const guarded = () =>
  tables(`SELECT relname AS name FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
          WHERE polname = 'tenant' AND relrowsecurity ORDER BY name`);
const rowsOf = async (owner: RowOwner, table: string): Promise<Record<string, unknown>[]> =>
  (await world.db.of(owner).query({ text: `SELECT * FROM ${table}` })).rows;

const insert = (id: string, owner: RowOwner) => ({
  text: 'INSERT INTO threads (id, tenant_id, owner_id) VALUES ($1, $2, $3)',
  values: [id, owner.tenantId, owner.userId],
});
/** A statement of a stranger's on this connection. */
const run = (client: pg.Client, text: string, name?: string) =>
  new Promise<pg.QueryResult>((resolve, reject) => {
    const done = (error: Error | null, result: pg.QueryResult) => (error ? reject(error) : resolve(result));
    client.query(new CallerQuery({ text, ...(name && { name }) }, STRANGER, done));
  });

describe('every table', () => {
  it('has a policy for callers, or is closed to them', async () => {
    const all = await tables(`SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p')
                              AND relnamespace = 'public'::regnamespace ORDER BY name`);
    // A new table belongs to somebody: give it the policies "everybody_else" and "tenant", or say here why it is nobody's.
    expect([...(await guarded()), ...Object.keys(CLOSED)].toSorted()).toEqual(all.toSorted());
  });

  it('of a user has a policy by tenant and user, unless it has a reason', async () => {
    const byTenant = await tables(`
      SELECT tablename AS name FROM pg_policies WHERE policyname = 'tenant' AND qual NOT LIKE '%relay.user%' AND EXISTS (
        SELECT FROM information_schema.columns WHERE table_name = tablename AND column_name = 'owner_id') ORDER BY 1`);
    expect(byTenant).toEqual(Object.keys(TENANT_WIDE));
  });

  it('that is closed is refused, whatever the statement', async () => {
    for (const table of Object.keys(CLOSED)) await expect(rowsOf(ADA, table)).rejects.toThrow(/permission denied/);
  });

  it('shows its rows to everybody but callers, as before', async () => {
    for (const table of await guarded()) {
      const { rows } = await world.db.system.query({ text: `SELECT 1 FROM ${table}` });
      expect({ table, count: rows.length > 1 }).toEqual({ table, count: true });
    }
  });
});

describe('a statement that forgets whose rows it wants', () => {
  it('finds those of its caller', async () => {
    for (const person of PEOPLE) {
      for (const table of await guarded()) {
        const rows = await rowsOf(person, table);
        expect({ table, found: rows.length > 0 }).toEqual({ table, found: true });
        const foreign = rows.filter(
          (row) =>
            ('tenant_id' in row && row['tenant_id'] !== person.tenantId) ||
            ('owner_id' in row && !(table in TENANT_WIDE) && row['owner_id'] !== person.userId),
        );
        expect({ table, foreign }).toEqual({ table, foreign: [] });
      }
      expect(await rowsOf(person, 'attachment_uses')).toHaveLength(1);
      const threads = await world.db.of(person).prisma(({ thread }) => thread.findMany());
      expect(threads.map(({ title }) => title)).toEqual([person.userId]);
    }
  });

  it('finds nothing of any user for a whole tenant, and nothing at all for nobody', async () => {
    for (const table of await guarded()) {
      const { rows } = await world.db.ofTenant('acme').query({ text: `SELECT * FROM ${table}` });
      const wide = table in TENANT_WIDE || table === 'provider_keys';
      expect({ table, any: rows.length > 0 }).toEqual({ table, any: wide });
      expect((await world.db.ofTenant('').query({ text: `SELECT * FROM ${table}` })).rows).toEqual([]);
    }
  });

  it('changes and deletes nothing of others', async () => {
    const before = await world.db.system.query({ text: 'SELECT * FROM threads ORDER BY id' });
    const changed = await world.db.of(ADA).query({ text: `UPDATE threads SET title = 'x'` });
    expect(changed.rowCount).toBe(1);
    await world.db.of(ADA).query({ text: 'UPDATE threads SET title = $1', values: [ADA.userId] });
    const deleted: (number | null)[] = [];
    const undone = world.db.of(ADA).transaction(async (tx) => {
      for (const table of ['runs', 'threads'])
        deleted.push((await tx.query({ text: `DELETE FROM ${table}` })).rowCount);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    // Runs are those of the tenant: two people's.
    expect(deleted).toEqual([2, 1]);
    expect((await world.db.system.query({ text: 'SELECT * FROM threads ORDER BY id' })).rows).toEqual(before.rows);
  });

  it('cannot write for others', async () => {
    const refused = /row-level security/;
    for (const other of PEOPLE.slice(1)) {
      await expect(world.db.of(ADA).query(insert(newId('thread'), other))).rejects.toThrow(refused);
    }
    for (const column of ['tenant_id', 'owner_id']) {
      await expect(world.db.of(ADA).query({ text: `UPDATE threads SET ${column} = 'z'` })).rejects.toThrow(refused);
    }
    const id = newId('thread');
    const data = { id, tenantId: STRANGER.tenantId, ownerId: STRANGER.userId };
    await expect(world.db.of(ADA).prisma(({ thread }) => thread.create({ data }))).rejects.toThrow(refused);
    expect((await world.db.system.query({ text: 'SELECT 1 FROM threads WHERE id = $1', values: [id] })).rows).toEqual(
      [],
    );
  });
});

describe('what is counted over everybody', () => {
  it('still counts the queue of the whole server for its limit', async () => {
    const limits = runLimits(LimitsConfig.parse({ queuedRuns: { global: 1 } }), true);
    const { lifecycle } = lifecycleOf(world, {}, limits);
    const waiting = aTurn();
    await lifecycle.admit(ADA, waiting);
    await expect(lifecycle.admit(STRANGER, aTurn())).rejects.toMatchObject({ code: 'limit.server' });
    await lifecycle.requestStop(waiting.runId, ADA);
  });

  it('leaves a ledger that equals the usage after a thread is deleted in mid-turn, and its files', async () => {
    const lifecycle = limited();
    const turn = aTurn();
    await lifecycle.admit(ADA, turn);
    await lifecycle.deleteThread(ADA, turn.threadId);
    const states = await lifecycle.quotas(ADA);
    expect(states.map(({ reserved }) => reserved)).toEqual([0, 0]);
    const threads = await rowsOf(ADA, 'threads');
    for (const { id } of threads) await lifecycle.deleteThread(ADA, String(id));
    expect(await rowsOf(ADA, 'attachments')).toEqual([]);
    expect((await world.db.system.query({ text: 'SELECT 1 FROM deleted_files' })).rows).toHaveLength(1);
    await everything(world.db, ADA);
  });
});

describe('one connection for all', () => {
  it('keeps nothing of a caller for the next, in whatever order and however statements end', async () => {
    const db = new Database(world.url, { maxConnections: 1, name: 'shared', rowLevelSecurity: true });
    const wrong: unknown[] = [];
    const seen = (who: string, rows: readonly object[], expected: object) =>
      rows.some((row) => JSON.stringify(row) !== JSON.stringify(expected)) && wrong.push({ who, rows });
    const text = 'SELECT DISTINCT tenant_id, owner_id FROM threads';
    const ways: ((owner: RowOwner, expected: object) => Promise<unknown>)[] = [
      async (owner, expected) => seen('query', (await db.of(owner).query({ text })).rows, expected),
      async (owner, expected) => seen('named', (await db.of(owner).query({ name: 'threads', text })).rows, expected),
      async (owner, expected) =>
        seen(
          'prisma',
          (await db.of(owner).prisma(({ thread }) => thread.findMany())).map((row) => ({
            tenant_id: row.tenantId,
            owner_id: row.ownerId,
          })),
          expected,
        ),
      (owner, expected) =>
        db.of(owner).transaction(async (tx) => {
          seen('transaction', (await tx.query({ name: 'threads', text })).rows, expected);
          seen('transaction', (await tx.query({ text })).rows, expected);
        }),
      (owner) =>
        db
          .of(owner)
          .transaction((tx) => tx.query({ text: 'SELECT 1 / 0' }))
          .catch(() => undefined),
      async () => {
        const sql = `SELECT count(DISTINCT (tenant_id, owner_id))::int AS people, current_user = session_user AS free,
                            coalesce(current_setting('relay.tenant', true), '') AS tenant FROM threads`;
        for (const name of [undefined, 'system']) {
          const { rows } = await db.system.query({ ...(name && { name }), text: sql });
          seen('system', rows, { people: 4, free: true, tenant: '' });
        }
      },
    ];
    // Everybody in every way, after everybody else.
    const order = Array.from({ length: 144 }, (_, n) => ({
      owner: PEOPLE[(n + Math.floor(n / 6)) % 4] ?? ADA,
      way: ways[n % 6],
    }));
    // Four at a time: the pool gives up on who waits for too long.
    const next = async (): Promise<void> => {
      for (let asked = order.pop(); asked; asked = order.pop()) {
        await asked.way?.(asked.owner, { tenant_id: asked.owner.tenantId, owner_id: asked.owner.userId });
      }
    };
    await Promise.all(Array.from({ length: 4 }, next));
    await db.close();
    expect(wrong).toEqual([]);
  });
});

describe('a connection', () => {
  it('is nobody’s again after every statement, also after one that failed', async () => {
    const client = new pg.Client({ connectionString: world.url });
    await client.connect();
    await prepareScope(client);
    for (const name of [undefined, 'same']) {
      for (let n = 0; n < 3; n++) {
        expect((await run(client, 'SELECT DISTINCT tenant_id AS tenant FROM items', name && 'items')).rows).toEqual([
          { tenant: 'other' },
        ]);
        await expect(run(client, 'SELECT 1 / 0', name && 'zero')).rejects.toThrow('division by zero');
        await expect(run(client, 'SELECT nothing', name && 'nothing')).rejects.toThrow('does not exist');
        await expect(run(client, 'SELECT 1 FROM api_keys', name && 'keys')).rejects.toThrow('permission denied');
        const { rows } = await client.query(
          `SELECT current_user = session_user AS free, coalesce(current_setting('relay.tenant', true), '') AS tenant`,
        );
        expect(rows).toEqual([{ free: true, tenant: '' }]);
      }
    }
    await client.end();
  });
});

describe('Prisma', () => {
  it('runs nothing without a caller, and no transaction', async () => {
    await expect(world.db.prisma.thread.findMany()).rejects.toThrow(/neither a caller/);
    const both = world.db.of(ADA).prisma((prisma) => prisma.$transaction([prisma.thread.count(), prisma.run.count()]));
    await expect(both).rejects.toThrow(/no caller/);
  });
});

/** The product's files in which a pattern is found. */
async function filesWith(pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['libs/runtime/src', 'apps/api/src', 'apps/worker/src']) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!name.endsWith('.ts') || /\.test\.ts$|^generated/.test(name)) continue;
      if (pattern.test(await readFile(join(ROOT, folder, name), 'utf8'))) found.push(`${folder}/${name}`);
    }
  }
  return found.toSorted();
}

describe('who sees everything', () => {
  it('is known by name', async () => {
    expect(await filesWith(/\b(db|database|this)\.system\b|\{ system\b/)).toEqual(Object.keys(SYSTEM));
  });

  it('is asked for in no other way', async () => {
    const past = await filesWith(/\b(db|database)\.(pool\b|prisma\.)|\{ (pool|prisma)\b[^}]*\}: Database/);
    expect(past).toEqual([]);
  });
});

describe('the start', () => {
  let own: TestDatabase;
  let admin: pg.Client;
  const opened: Database[] = [];
  const start = async (url = own.url) => {
    const db = await Database.open(url, { maxConnections: 2, name: 'start', rowLevelSecurity: true });
    opened.push(db);
    return db;
  };
  const role = () => `${new URL(own.url).pathname.slice(1)}_tenant`;
  /** A login without rights of its own but those on the tables. */
  const loginOf = async (rights: string): Promise<string> => {
    const login = `${new URL(own.url).pathname.slice(1)}_login_${opened.length}`;
    await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'x' ${rights}`);
    logins.push(login);
    const url = new URL(own.url);
    url.username = login;
    url.password = 'x';
    return url.href;
  };
  const logins: string[] = [];
  beforeAll(async () => {
    own = await createTestDatabase();
    admin = new pg.Client({ connectionString: own.url });
    await admin.connect();
  });
  afterAll(async () => {
    await Promise.all(opened.map((db) => db.close()));
    for (const login of logins) await admin.query(`REASSIGN OWNED BY ${login} TO CURRENT_USER; DROP OWNED BY ${login}`);
    const cluster = new URL(own.url);
    cluster.pathname = '/postgres';
    await admin.end();
    await own.drop();
    const again = new pg.Client({ connectionString: cluster.href });
    await again.connect();
    for (const login of logins) await again.query(`DROP ROLE ${login}`);
    await again.end();
  });

  it('says what an administrator runs where the login may not make the role, and that is enough', async () => {
    const url = await loginOf('');
    const login = new URL(url).username;
    await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${login}`);
    const refused = await start(url).catch((error: Error) => error);
    const words = String(refused);
    expect(words).toMatch(/ROW_LEVEL_SECURITY: .*cannot set up the role .*permission denied/);
    await admin.query(/SELECT set_up_tenant_role\('[^']+'\);/.exec(words)?.[0] ?? 'nothing');
    const db = await start(url);
    // It owns no table: it sees what it saw before the policies.
    await admin.query(
      `INSERT INTO threads (id, tenant_id, owner_id) VALUES ('t1', 'acme', 'ada'), ('t2', 'other', 'ada')`,
    );
    expect((await db.system.query({ text: 'SELECT id FROM threads' })).rows).toHaveLength(2);
    expect((await db.of(ADA).query({ text: 'SELECT id FROM threads' })).rows).toEqual([{ id: 't1' }]);
  });

  it('is made complete by several processes at once where the login may', async () => {
    await admin.query(`REVOKE ALL ON items FROM ${role()}`);
    const all = await Promise.all([start(), start(), start()]);
    for (const db of all) expect((await db.of(ADA).query({ text: 'SELECT 1 FROM items' })).rows).toEqual([]);
  });

  const broken: [what: string, make: (name: string) => string, words: RegExp, fix: (name: string) => string][] = [
    [
      'bypasses the policies',
      (n) => `ALTER ROLE ${n} BYPASSRLS`,
      /NOSUPERUSER NOBYPASSRLS/,
      (n) => `ALTER ROLE ${n} NOBYPASSRLS`,
    ],
    [
      'is a superuser',
      (n) => `ALTER ROLE ${n} SUPERUSER`,
      /NOSUPERUSER NOBYPASSRLS/,
      (n) => `ALTER ROLE ${n} NOSUPERUSER`,
    ],
    [
      'may read a closed table',
      (n) => `GRANT SELECT ON api_keys TO ${n}`,
      /api_keys/,
      (n) => `REVOKE ALL ON api_keys FROM ${n}`,
    ],
    [
      'may, as everybody',
      () => 'GRANT SELECT ON audit_log TO PUBLIC',
      /audit_log/,
      () => 'REVOKE ALL ON audit_log FROM PUBLIC',
    ],
    [
      'uses a table whose policies are off',
      () => 'ALTER TABLE items DISABLE ROW LEVEL SECURITY',
      /back from items/,
      () => 'ALTER TABLE items ENABLE ROW LEVEL SECURITY',
    ],
    [
      'owns a table',
      (n) => `ALTER TABLE runs OWNER TO ${n}`,
      /back from runs/,
      () => 'ALTER TABLE runs OWNER TO CURRENT_USER',
    ],
  ];
  it.each(broken)('stops where the role %s', async (_, make, words, fix) => {
    await start();
    await admin.query(make(role()));
    await expect(start()).rejects.toThrow(words);
    await admin.query(fix(role()));
    await start();
  });

  it('stops before the migration', async () => {
    await admin.query('ALTER FUNCTION tenant_role() RENAME TO other_role');
    await expect(start()).rejects.toThrow(/npm run migrate/);
    await admin.query('ALTER FUNCTION other_role() RENAME TO tenant_role');
  });
});
