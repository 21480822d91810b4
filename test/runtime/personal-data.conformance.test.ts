import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import {
  ApiKeyStore,
  type AttachmentFiles,
  CallStore,
  DeletedFiles,
  type EventEngine,
  createAttachmentFiles,
  PrismaThreadStore,
  SigningKeys,
  UsageStore,
  UserReferences,
} from '#runtime';
import {
  actorName,
  Erasure,
  type ErasureReceipt,
  exportUser,
  type ExportLine,
  FeedbackStore,
  findRemains,
  listAudit,
  recordAudit,
} from '#runtime/api';
import { type Claim, finishErasures } from '#runtime/worker';
import { anEntry } from './support/events.js';
import { engineKinds } from '../support/engines.js';
import {
  aTurn,
  anAnswer,
  auth,
  type Lifecycle,
  lifecycleOf,
  recordingLogger,
  useWorld,
  withAttachment,
} from './support/world.js';

const filesIn = (dataDir: string) => createAttachmentFiles({ dataDir, s3: undefined, direct: true });

const world = useWorld();
const folder = mkdtempSync(join(tmpdir(), 'personal-data-'));
afterAll(() => rmSync(folder, { recursive: true }));
const files = filesIn(folder);
const references = new UserReferences(new SigningKeys(['s'.repeat(32)]));

const SECRET = 'the harbour of Ragusa';
const USED = {
  provider: 'openai',
  model: 'gpt',
  calls: 1,
  inputTokens: 10,
  outputTokens: 2,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costMicros: 7,
  estimated: false,
};

async function claimed(lifecycle: Lifecycle, user: string, text = 'Hello'): Promise<Claim> {
  const turn = aTurn({ text });
  await lifecycle.admit(auth(user), turn);
  const claim = await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1');
  if (!claim) throw new Error('the run could not be claimed');
  return claim;
}

/** Something of a user in every place that has room for it. Returns the texts by which it would be found again. */
async function fill(engine: EventEngine, user: string): Promise<string[]> {
  const { lifecycle } = lifecycleOf(world);
  const caller = auth(user);
  const held = await claimed(lifecycle, user, SECRET);
  await lifecycle.storeItem(held, anAnswer(held.threadId));
  await engine.log.append([anEntry(held.runId, { first: 1, last: 1, frames: SECRET })], []);
  await engine.bus.join(held.runId, 'api_1');
  await lifecycle.settle(held, { state: 'completed' }, []);
  await world.db.pool.query(
    `WITH counter AS (INSERT INTO quota_counters (tenant_id, owner_id, day) VALUES ($1, $2, now()))
     INSERT INTO quota_entries (tenant_id, owner_id, tokens, micros) VALUES ($1, $2, 1, 1)`,
    [caller.tenantId, caller.userId],
  );
  await new FeedbackStore(world.db).add(caller, { threadId: held.threadId, itemIds: [], kind: 'positive' });
  const completion = newId('run');
  await lifecycle.admitCompletion(caller, {
    runId: completion,
    completion: { model: 'demo', messages: [{ role: 'user', content: SECRET }] },
    context: {},
  });
  const call = `call_${newId('message')}`;
  const payload = { threadId: held.threadId, itemIds: [], kind: 'positive' };
  await new CallStore(world.db).ask(caller, {
    callId: call,
    kind: 'feedback',
    assistantId: 'default',
    payload,
    context: {},
    askedBy: 'api_1',
  });
  await new UsageStore(world.db).book({ runId: held.runId, fence: 1, tenantId: caller.tenantId, ownerId: user }, [
    USED,
  ]);
  await asAdministrator(user);
  const attachment = await anAttachment(caller);
  await engine.cache.set(`key-${user}`, SECRET + user, 600);
  return [user, held.threadId, held.runId, completion, call, attachment];
}

/** An entry of the audit log, and an API key, of what a user did as an administrator. */
async function asAdministrator(user: string): Promise<void> {
  const actor = `jwt ${actorName('acme', user)}`;
  await recordAudit(world.db.pool, { actor, action: 'key.create', tenantId: 'acme' });
  await new ApiKeyStore(world.db.pool).create({
    tenantId: 'acme',
    name: 'server',
    scopes: ['chat'],
    roles: [],
    createdBy: actor,
    expiresIn: undefined,
  });
}

async function anAttachment(caller: ReturnType<typeof auth>): Promise<string> {
  const id = newId('attachment');
  await new PrismaThreadStore(world.db).saveAttachment(caller, {
    attachment: { type: 'file', id, name: `${caller.userId}.txt`, mime_type: 'text/plain' },
    size: 3,
    metadata: {},
  });
  await (await files.stage(id, Readable.from([Buffer.from('abc')]), 100)).keep({});
  return id;
}

const TABLES = ['threads', 'items', 'runs', 'feedback', 'calls', 'model_usage', 'attachments'];

async function linesOf(user: string, withFiles = false): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  const owner = { tenantId: 'acme', ownerId: user };
  for await (const line of exportUser(world.db, files, owner, { withFiles })) lines.push(line);
  return lines;
}

describe.each(engineKinds)('personal data on the %s engine', (kind) => {
  let engine: EventEngine;
  let erase: (user: string, tenant?: string) => Promise<ErasureReceipt>;
  beforeAll(async () => {
    engine = await world.openEngine(kind);
    erase = (user, tenantId = 'acme') => erasureWith(files).eraseUser({ tenantId, ownerId: user });
  });
  const erasureWith = (store: Pick<AttachmentFiles, 'delete'>): Erasure => {
    const deletedFiles = new DeletedFiles(world.db, store as AttachmentFiles, recordingLogger([]));
    return new Erasure(world.db, engine, deletedFiles, lifecycleOf(world).lifecycle as never, references);
  };
  const remainsOf = (texts: readonly string[]) => findRemains(world.db, engine, files, texts);

  it('of a user is found in every place, and nowhere after the erasure; others lose nothing', async () => {
    const [user, other] = [`ada-${newId('message')}`, `bob-${newId('message')}`];
    const [texts, theirs] = [await fill(engine, user), await fill(engine, other)];
    const places = new Set((await remainsOf(texts)).map(({ where, name }) => `${where} ${name}`));
    for (const table of [...TABLES, 'audit_log', 'api_keys']) {
      expect(places).toContain(`postgres public.${table}`);
    }
    expect(places).toContain(`files ${texts.at(-1)}`);
    expect(places.size).toBeGreaterThan(kind === 'redis' ? 10 : 9);
    const before = await linesOf(other);
    expect(await erase(user)).toMatchObject({
      threads: 1,
      runs: 2,
      attachments: 1,
      assistantCalls: 1,
      anonymisedUsage: 1,
    });
    // The open completion is remembered until its worker cannot write any more, by its id only.
    const [, , , completion, call] = texts;
    const rest = texts.filter((text) => text !== completion && text !== call);
    expect(await remainsOf(rest)).toEqual([]);
    expect(await linesOf(other)).toEqual(before);
    expect((await remainsOf([theirs[0] ?? ''])).length).toBeGreaterThan(5);
    expect((await linesOf(user)).at(-1)).toEqual({ type: 'end', counts: {} });
  });

  it('of an administrator is made anonymous where it must stay, and of nobody else', async () => {
    const [user, other] = [`ada-${newId('message')}`, `["acme","ada-${newId('message')}"]`];
    await asAdministrator(user);
    await asAdministrator(other);
    await erase(user, 'globex');
    expect((await remainsOf([user])).length).toBe(2);
    await erase(user);
    expect(await remainsOf([user])).toEqual([]);
    const actors = (await listAudit(world.db.pool, { limit: 2, action: 'key.create' })).map(({ actor }) => actor);
    expect(actors).toEqual([`jwt ${actorName('acme', other)}`, `jwt ${references.of('acme', user)}`]);
    const { rows } = await world.db.pool.query('SELECT 1 FROM api_keys WHERE created_by = $1', [actors[1]]);
    expect(rows).toHaveLength(1);
  });

  it('is exported in pages of some megabytes, however large its rows are', async () => {
    const { lifecycle } = lifecycleOf(world);
    const user = `ada-${newId('message')}`;
    const { threadId } = await claimed(lifecycle, user);
    await world.db.pool.query(
      `INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, type, payload)
       SELECT id, 'msg_wide' || n, tenant_id, owner_id, 1000 + n, 1000 + n, 'assistant_message',
              json_build_object('text', repeat('x', 1500000))
       FROM threads, generate_series(1, 9) AS n WHERE id = $1`,
      [threadId],
    );
    const read: number[] = [];
    const counting = {
      system: {
        query: async (...given: Parameters<typeof world.db.system.query>) => {
          const result = await world.db.system.query(...given);
          read.push(JSON.stringify(result.rows).length);
          return result;
        },
      },
    } as unknown as typeof world.db;
    const items: ExportLine[] = [];
    for await (const line of exportUser(counting, files, { tenantId: 'acme', ownerId: user }, { withFiles: false })) {
      if (line.type === 'item') items.push(line);
    }
    expect(items.map(({ id }) => id).slice(1)).toEqual(Array.from({ length: 9 }, (_, n) => `msg_wide${n + 1}`));
    expect(Math.max(...read)).toBeLessThan(6_000_000);
  });

  it('that a worker writes after the erasure is erased by the next sweep', async () => {
    const { lifecycle } = lifecycleOf(world);
    const user = `ada-${newId('message')}`;
    const held = await claimed(lifecycle, user);
    await erase(user);
    expect(await lifecycle.settle(held, { state: 'completed' }, [])).toBeUndefined();
    await new UsageStore(world.db).book({ runId: held.runId, fence: 1, tenantId: 'acme', ownerId: user }, [USED]);
    await engine.log.append([anEntry(held.runId, { first: 1, last: 1 })], []);
    await finishErasures(world.db, engine);
    await world.db.pool.query(`UPDATE erasures SET created_at = now() - interval '16 minutes'`);
    expect(await finishErasures(world.db, engine)).toBeGreaterThan(0);
    expect(await remainsOf([user, held.runId, held.threadId])).toEqual([]);
  });

  it('of the same name in another tenant is another person’s', async () => {
    const user = `ada-${newId('message')}`;
    await fill(engine, user);
    expect(await erase(user, 'globex')).toMatchObject({ threads: 0, runs: 0, attachments: 0, anonymisedUsage: 0 });
    expect((await linesOf(user)).at(-1)).toMatchObject({ counts: { thread: 1, attachment: 1 } });
  });

  it('is erased in pages, and an erasure that failed is repeated', async () => {
    const { lifecycle } = lifecycleOf(world);
    const user = `ada-${newId('message')}`;
    for (let index = 0; index < 205; index++) await lifecycle.admit(auth(user), aTurn());
    const attachments = [await anAttachment(auth(user)), await anAttachment(auth(user))];
    const [broken = '', intact = ''] = attachments;
    const failing = erasureWith({
      delete: (id) => (id === broken ? Promise.reject(new Error('disk')) : files.delete(id)),
    });
    await expect(failing.eraseUser({ tenantId: 'acme', ownerId: user })).rejects.toThrow('disk');
    expect((await linesOf(user)).at(-1)).toEqual({ type: 'end', counts: {} });
    expect([await files.has(broken), await files.has(intact)]).toEqual([true, false]);
    await expect(failing.eraseUser({ tenantId: 'acme', ownerId: user })).rejects.toThrow('disk');
    expect(await erase(user)).toMatchObject({ threads: 0, runs: 0, attachments: 0 });
    expect(await remainsOf([user, ...attachments])).toEqual([]);
  });

  it('includes files that two conversations share, and of which another process has just taken one to delete', async () => {
    const user = `ada-${newId('message')}`;
    const { lifecycle } = lifecycleOf(world);
    const [shared, taken] = [await anAttachment(auth(user)), await anAttachment(auth(user))];
    for (let index = 0; index < 2; index++) await lifecycle.admit(auth(user), withAttachment(aTurn(), shared));
    await world.db.pool.query('DELETE FROM attachments WHERE id = $1', [taken]);
    await world.db.pool.query(`UPDATE deleted_files SET retry_at = now() + interval '1 minute'`);
    expect(await erase(user)).toMatchObject({ threads: 2, attachments: 1 });
    expect([await files.has(shared), await files.has(taken)]).toEqual([false, false]);
    expect(await remainsOf([user, shared, taken])).toEqual([]);
  });

  it('is exported whole: every thread, item, run, completion, attachment with its bytes, feedback and usage', async () => {
    const user = `ada-${newId('message')}`;
    const [, threadId, runId, completion, , attachmentId] = await fill(engine, user);
    const lines = await linesOf(user, true);
    expect(lines[0]).toEqual({ type: 'export', version: 1, tenant: 'acme', user });
    expect(lines.at(-1)).toEqual({
      type: 'end',
      counts: { thread: 1, item: 2, run: 1, feedback: 1, completion: 1, call: 1, attachment: 1, file: 1, usage: 1 },
    });
    const ids = lines.map(({ id }) => id);
    for (const id of [threadId, runId, completion, attachmentId]) expect(ids).toContain(id);
    expect(lines.find(({ type }) => type === 'file')).toMatchObject({ base64: Buffer.from('abc').toString('base64') });
    expect(JSON.stringify(lines.filter(({ type }) => type === 'item'))).toContain(SECRET);
  });
});

it('every table that names a user is erased, or its reason is known', async () => {
  const { rows } = await world.db.pool.query<{ table: string }>(
    `SELECT DISTINCT table_name AS table FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('owner_id', 'user_id', 'owner', 'user') ORDER BY 1`,
  );
  expect(rows.map(({ table }) => table)).toEqual([
    'attachment_totals', // of who has attachments
    'attachments',
    'calls',
    'feedback',
    'items',
    'model_usage',
    'quota_counters',
    'quota_entries',
    'runs',
    'threads',
  ]);
});
