import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { type AttachmentFiles, DeletedFiles, type EventEngine, PrismaThreadStore } from '#runtime';
import { listAudit } from '#runtime/api';
import { Retention } from '#runtime/worker';
import { RetentionConfig } from '../../libs/runtime/src/config/retention.js';
import { aTurn, anAnswer, auth, lifecycleOf, recordingLogger, useWorld, withAttachment } from './support/world.js';

const world = useWorld();
let engine: EventEngine;
beforeAll(async () => {
  engine = await world.openEngine('postgres');
});

const retention = (config: unknown, on: Pick<EventEngine, 'log'> = engine): Retention =>
  new Retention(world.db, on as EventEngine, { retention: RetentionConfig.parse(config) });

/** Deletes the files of deleted records, as the next sweep does. Returns their ids. */
async function sweepFiles(): Promise<string[]> {
  const deleted: string[] = [];
  const files = { delete: async (id: string) => void deleted.push(id) } as Partial<AttachmentFiles> as AttachmentFiles;
  await new DeletedFiles(world.db, files, recordingLogger([])).remove();
  return deleted;
}

const ago = (days: number): string => `now() - interval '${days} days'`;

interface ThreadOptions {
  readonly isOpen?: boolean;
  /** Of an attachment that another thread has too. */
  readonly attachmentId?: string;
}

/** A thread with one settled turn and an attachment, the last item that many days ago. */
async function aThread(tenant: string, days: number, { isOpen = false, attachmentId }: ThreadOptions = {}) {
  const { lifecycle } = lifecycleOf(world);
  const [id, caller] = [attachmentId ?? newId('attachment'), auth('ada', tenant)];
  const attachment = { type: 'file', id, name: 'a', mime_type: 'text/plain' } as const;
  await new PrismaThreadStore(world.db).saveAttachment(caller, { attachment, size: 1, metadata: {} });
  const turn = withAttachment(aTurn(), id);
  await lifecycle.admit(caller, turn);
  const held = await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1');
  if (!isOpen && held) await lifecycle.settle(held, { state: 'completed' }, [anAnswer(turn.threadId)]);
  const { pool } = world.db;
  await pool.query(`UPDATE threads SET last_item_at = ${ago(days)}, created_at = ${ago(days)} WHERE id = $1`, [
    turn.threadId,
  ]);
  await pool.query(
    `UPDATE runs SET settled_at = CASE WHEN settled_at IS NULL THEN NULL ELSE ${ago(days)} END
                    WHERE id = $1`,
    [turn.runId],
  );
  await pool.query(`UPDATE attachments SET created_at = ${ago(days)} WHERE id = $1`, [id]);
  return { threadId: turn.threadId, runId: turn.runId, attachmentId: id };
}

const exists = async (table: string, id: string): Promise<boolean> =>
  (await world.db.pool.query(`SELECT 1 FROM ${table} WHERE id = $1`, [id])).rowCount === 1;

describe('the retention periods', () => {
  it('delete threads with all that is theirs, counted from the last item, and no thread that is being answered', async () => {
    const [old, young, open] = [
      await aThread('acme', 31),
      await aThread('acme', 29),
      await aThread('acme', 31, { isOpen: true }),
    ];
    expect(await retention({ threads: 30 }).next()).toMatchObject({ threads: 1, runs: 0, files: 0 });
    expect(await exists('threads', old.threadId)).toBe(false);
    expect(await exists('runs', old.runId)).toBe(false);
    expect(await exists('attachments', old.attachmentId)).toBe(false);
    expect(await sweepFiles()).toContain(old.attachmentId);
    for (const { threadId } of [young, open]) expect(await exists('threads', threadId)).toBe(true);
  });

  it('are in the audit log, with how many of which tenant', async () => {
    for (const tenant of ['audited', 'audited', 'audited too']) await aThread(tenant, 31);
    const period = { threads: 30 };
    await retention({ tenants: { audited: period, 'audited too': period } }).next();
    const entries = await listAudit(world.db.pool, { limit: 10, action: 'threads.expire' });
    const told = entries.map(({ actor, tenantId, subject }) => [actor, tenantId, subject]);
    expect(told).toContainEqual(['retention', 'audited', '2']);
    expect(told).toContainEqual(['retention', 'audited too', '1']);
    await retention({ tenants: { audited: period, 'audited too': period } }).next();
    expect(await listAudit(world.db.pool, { limit: 10, action: 'threads.expire' })).toEqual(entries);
  });

  it('leave an attachment to the last thread that uses it', async () => {
    const young = await aThread('shared', 1);
    const old = await aThread('shared', 31, { attachmentId: young.attachmentId });
    const walk = retention({ tenants: { shared: { threads: 30 } } });
    expect(await walk.next()).toMatchObject({ threads: 1 });
    expect(await exists('threads', old.threadId)).toBe(false);
    expect(await exists('attachments', young.attachmentId)).toBe(true);
    expect(await sweepFiles()).not.toContain(young.attachmentId);
    await world.db.pool.query(`UPDATE threads SET last_item_at = ${ago(31)} WHERE id = $1`, [young.threadId]);
    await walk.next();
    expect(await sweepFiles()).toContain(young.attachmentId);
  });

  it('leave a thread that is continued while it is being deleted', async () => {
    const { threadId } = await aThread('continued', 31);
    const { lifecycle } = lifecycleOf(world);
    const continued = async (): Promise<void> => {
      await lifecycle.admit(auth('ada', 'continued'), aTurn({ threadId }));
    };
    const gone = await aThread('continued', 31);
    const walk = retention({ tenants: { continued: { threads: 30 } } }, { log: { delete: continued } as never });
    expect(await walk.next()).toMatchObject({ threads: 1 });
    expect([await exists('threads', threadId), await exists('threads', gone.threadId)]).toEqual([true, false]);
    const entries = await listAudit(world.db.pool, { limit: 10, tenantId: 'continued' });
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([['threads.expire', '1']]);
  });

  it.each(['threads', 'runs', 'files'] as const)('delete no %s that the audit log cannot tell', async (kind) => {
    const tenant = `untold ${kind}`;
    const { threadId, runId, attachmentId } = await aThread(tenant, 31);
    const { pool } = world.db;
    await pool.query(`ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (tenant_id <> '${tenant}') NOT VALID`);
    const walk = retention({ tenants: { [tenant]: { [kind]: 30 } } });
    await expect(walk.next()).rejects.toThrow('full_disk');
    const id = { threads: threadId, runs: runId, files: attachmentId }[kind];
    const table = kind === 'files' ? 'attachments' : kind;
    expect(await exists(table, id)).toBe(true);
    await pool.query('ALTER TABLE audit_log DROP CONSTRAINT full_disk');
    await walk.next();
    expect(await exists(table, id)).toBe(false);
    const entries = await listAudit(pool, { limit: 10, tenantId: tenant });
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([[`${kind}.expire`, '1']]);
  });

  it('delete the records of files, and the bytes after that', async () => {
    const { attachmentId, threadId } = await aThread('files', 31);
    expect(await retention({ tenants: { files: { files: 30 } } }).next()).toMatchObject({ files: 1 });
    expect([await exists('attachments', attachmentId), await exists('threads', threadId)]).toEqual([false, true]);
    expect(await sweepFiles()).toContain(attachmentId);
  });

  it('of a tenant replace those of all, each for itself', async () => {
    const [strict, lax, other] = [await aThread('strict', 8), await aThread('lax', 50), await aThread('other', 50)];
    const config = { threads: 40, files: 45, tenants: { strict: { threads: 7 }, lax: { threads: 400 } } };
    await retention(config).next();
    const left = await Promise.all([strict, lax, other].map(({ threadId }) => exists('threads', threadId)));
    expect(left).toEqual([false, true, false]);
    expect(await exists('attachments', lax.attachmentId)).toBe(false);
  });

  it('delete settled runs and leave the answers', async () => {
    const [old, open] = [await aThread('runs', 31), await aThread('runs', 31, { isOpen: true })];
    await retention({ runs: 30 }).next();
    expect([await exists('runs', old.runId), await exists('runs', open.runId)]).toEqual([false, true]);
    const { rows } = await world.db.pool.query('SELECT type FROM items WHERE thread_id = $1', [old.threadId]);
    expect(rows).toHaveLength(2);
  });

  it('walk over more rows than a step looks at', async () => {
    await world.db.pool.query(
      `INSERT INTO threads (id, tenant_id, owner_id, created_at)
       SELECT 'thr_walk' || lpad(n::text, 5, '0'), 'walk', 'ada', ${ago(31)} FROM generate_series(1, 2500) AS n`,
    );
    const walk = retention({ tenants: { walk: { threads: 30 } } });
    const counts = [await walk.next(), await walk.next(), await walk.next(), await walk.next()];
    expect(counts.reduce((sum, { threads }) => sum + threads, 0)).toBe(2_500);
  });

  it.each([{ threads: 0 }, { threads: 1.5 }, { days: 3 }, { tenants: { acme: { thread: 3 } } }, { files: '30' }])(
    'that are wrong are refused: %j',
    (config) => expect(RetentionConfig.safeParse(config).success).toBe(false),
  );
});
