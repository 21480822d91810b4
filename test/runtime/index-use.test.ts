import pg from 'pg';
import { beforeAll, expect, it, vi } from 'vitest';
import { newId } from '#chatkit';
import { aThread } from '#chatkit/testing';
import {
  type AttachmentFiles,
  CallStore,
  CatalogueStore,
  DeletedFiles,
  PrismaThreadStore,
  QuotasConfig,
  quotasOf,
  UsageStore,
} from '#runtime';
import { claimOrphanSweep, loadHistory, sweepOrphans, sweepUploads } from '#runtime/worker';
import {
  FeedbackStore,
  finishFromStore,
  isRunSettled,
  limitsInUse,
  listAllRuns,
  listAudit,
  listThreadIds,
  listWorkers,
  loadRetryTarget,
  loadRun,
  loadRunContent,
  loadRunDetails,
  overview,
  recordAudit,
  type RunFilter,
  setThreadStatus,
  type TurnRequest,
  UploadRecords,
  usageReport,
} from '#runtime/api';
import { LimitsConfig, runLimits } from '../../libs/runtime/src/runs/limits.js';
import { anEntry } from './support/events.js';
import {
  anAnswer,
  aTurn,
  auth,
  claimedTurn,
  expireLease,
  lifecycleOf,
  passGrace,
  recordingLogger,
  useWorld,
} from './support/world.js';

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Postgres may plan it without knowing its values. */
  readonly isPrepared: boolean;
}

interface Explained {
  'QUERY PLAN': { Plan: Plan }[];
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  Plans?: Plan[];
}

const TABLES = new Set([
  'threads',
  'items',
  'attachments',
  'runs',
  'catalogues',
  'run_log_heads',
  'run_log_entries',
  'run_readers',
  'policy_rates',
  'policy_permits',
  'policy_breakers',
  'policy_asides',
  'feedback',
  'calls',
  'model_usage',
  'attachment_totals',
  'attachment_uses',
  'deleted_files',
  'quota_counters',
  'quota_entries',
  'audit_log',
]);
/** They hold only the rows that their statements need, so a sequential scan is intended. */
const PARTIAL_INDEXES = new Set(['runs_queued', 'runs_working', 'runs_waiting', 'runs_open']);

/** By text and values: the lists of administrators have one plan for each way to ask. */
const statements = new Map<string, Statement>();
let isAdministration = false;

const world = useWorld();

beforeAll(async () => {
  await fill();
  const recorded = record();
  await everyOperation();
  await admissionOperations();
  isAdministration = true;
  await administrationOperations();
  recorded.mockRestore();
});

it('sees every statement of the stores and the lifecycle', () => {
  const texts = [...statements.values()].map(({ text }) => text);
  expect([...TABLES].filter((table) => !texts.some((text) => text.includes(table)))).toEqual([]);
  expect(texts.length).toBeGreaterThan(40);
});

it('reads no table without an index', async () => {
  const client = await world.db.pool.connect();
  const problems = new Set<string>();
  for (const { text, values, isPrepared } of statements.values()) {
    // Once planned for its values, and once with a generic plan, unless that is never made.
    const plans = [await client.query<Explained>(`EXPLAIN (FORMAT JSON) ${text}`, [...values])];
    if (isPrepared) plans.push(await client.query<Explained>(`EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${text}`));
    for (const node of plans.flatMap(({ rows }) => nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan))) {
      const complaint = complaintAbout(node);
      if (complaint) problems.add(`${complaint}: ${text.replaceAll(/\s+/g, ' ').slice(0, 300)}`);
    }
  }
  client.release();
  expect([...problems]).toEqual([]);
});

it('has an index for every foreign key, so that deleting a thread needs no scan', async () => {
  const { rows } = await world.db.pool.query<{ child: string }>(`
    SELECT conrelid::regclass::text AS child FROM pg_constraint AS con
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND NOT EXISTS (
      SELECT 1 FROM pg_index WHERE indrelid = con.conrelid AND indpred IS NULL AND indkey[0] = con.conkey[1])`);
  expect(rows).toEqual([]);
});

/** Without what a page reads in the order of an index: as many rows as it has. */
function nodesOf(plan: Plan | undefined): Plan[] {
  if (!plan) return [];
  const children = plan['Node Type'] === 'Limit' ? plan.Plans?.filter((child) => !isPage(child)) : plan.Plans;
  return [plan, ...(children ?? []).flatMap(nodesOf)];
}

const isPage = ({ 'Node Type': type, Filter }: Plan): boolean => /^Index (Only )?Scan$/.test(type) && !Filter;

function complaintAbout(node: Plan): string | undefined {
  if (node['Node Type'] === 'Seq Scan') return `reads all of ${node['Relation Name']}`;
  const index = node['Index Name'];
  if (!index || node['Index Cond'] || PARTIAL_INDEXES.has(index)) return undefined;
  return `reads all of the index ${index}`;
}

/** Enough rows of other users that an index is worth it. */
async function fill(): Promise<void> {
  await world.db.pool.query(`
    INSERT INTO threads (id, tenant_id, owner_id, last_position)
      SELECT 'thr_' || n, 'tenant_' || n % 7, 'user_' || n % 50, 4 FROM generate_series(1, 2000) AS n;
    INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, type, payload, run_id, fence)
      SELECT 'thr_' || n, 'msg_' || n || '_' || p, 'tenant_' || n % 7, 'user_' || n % 50, p, p, 'end_of_turn', '{}',
             'run_' || n, 1
      FROM generate_series(1, 2000) AS n, generate_series(1, 4) AS p;
    INSERT INTO runs (id, tenant_id, owner_id, thread_id, state, trigger, trigger_position, assistant_id, settled_at)
      SELECT 'run_' || n, 'tenant_' || n % 7, 'user_' || n % 50, 'thr_' || n, 'completed', 'threads.create', 1, 'default', now()
      FROM generate_series(1, 2000) AS n;
    INSERT INTO attachments (id, tenant_id, owner_id, thread_id, name, mime_type, type)
      SELECT 'atc_' || n, 'tenant_' || n % 7, 'user_' || n % 50, 'thr_' || n, 'a', 'b', 'file'
      FROM generate_series(1, 2000) AS n;
    INSERT INTO attachments (id, tenant_id, owner_id, name, mime_type, type, created_at)
      VALUES ('atc_unused', 'acme', 'ada', 'a', 'b', 'file', now() - interval '2 d');
    INSERT INTO feedback (id, tenant_id, owner_id, thread_id, item_ids, kind)
      SELECT 'fbk_' || n, 'tenant_' || n % 7, 'user_' || n % 50, 'thr_' || n, '{}', 'positive' FROM generate_series(1, 2000) AS n;
    INSERT INTO calls (id, tenant_id, owner_id, kind, assistant_id, payload, context, asked_by, created_at)
      SELECT 'call_' || n, 'a', 'b', 'feedback', 'default', '{}', '{}', 'api_1', now() - n * interval '1 s'
      FROM generate_series(1, 2000) AS n;
    INSERT INTO catalogues (worker_id, payload, published_at)
      SELECT 'wrk_' || n, '{}', now() - n * interval '1 h' FROM generate_series(1, 2000) AS n;
    INSERT INTO run_log_heads SELECT 'run_' || n, 1, 4, now() + n * interval '1 s' FROM generate_series(1, 2000) AS n;
    INSERT INTO run_log_entries SELECT 'run_' || n, 1, p, '[]' FROM generate_series(1, 2000) AS n, generate_series(1, 4) AS p;
    INSERT INTO policy_rates SELECT 'key_' || n, 0, now() + n * interval '1 s' FROM generate_series(1, 2000) AS n;
    INSERT INTO policy_permits SELECT 'key_' || n, '{}', now() + n * interval '1 s' FROM generate_series(1, 2000) AS n;
    INSERT INTO policy_breakers SELECT 'key_' || n, 1, NULL, NULL, now() + n * interval '1 s' FROM generate_series(1, 2000) AS n;
    INSERT INTO policy_asides SELECT 'key_' || n, now() + n * interval '1 s' FROM generate_series(1, 2000) AS n;
    INSERT INTO run_readers SELECT 'run_' || n, 'api_1', now() + n * interval '1 s' FROM generate_series(1, 2000) AS n;
    INSERT INTO model_usage
      SELECT 'run_' || n, 1, 'p', 'm', 'tenant_' || n % 7, 'user_' || n % 50, 1, 1, 1, 0, 0, NULL, false, now() - n * interval '1 h'
      FROM generate_series(1, 2000) AS n;
    INSERT INTO quota_counters (tenant_id, owner_id, day)
      SELECT 'tenant_' || n % 7, 'user_' || n, now()::date - n FROM generate_series(1, 2000) AS n;
    INSERT INTO quota_entries (tenant_id, owner_id, tokens, micros)
      SELECT 'tenant_' || n % 7, 'user_' || n, 1, 1 FROM generate_series(1, 2000) AS n;
    INSERT INTO audit_log (id, actor, action, tenant_id, subject)
      SELECT 'aud_' || n, 'adminToken', 'action_' || n % 100, 'tenant_' || n % 100, 'user_' || n
      FROM generate_series(1, 2000) AS n;
    ANALYZE`);
}

function record() {
  const query = pg.Client.prototype.query;
  const recording = function (this: pg.Client, ...given: unknown[]) {
    const [config, values] = given as [string | { text?: string; values?: unknown[] }, unknown[] | undefined];
    const text = typeof config === 'string' ? config : (config.text ?? '');
    const asked = (typeof config === 'string' ? values : (config.values ?? values)) ?? [];
    if (/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(text) && [...TABLES].some((table) => text.includes(table))) {
      const key = isAdministration ? JSON.stringify([text, asked]) : text;
      statements.set(key, { text, values: asked, isPrepared: !isAdministration });
    }
    return Reflect.apply(query, this, given) as unknown;
  };
  return vi.spyOn(pg.Client.prototype, 'query').mockImplementation(recording);
}

async function everyOperation(): Promise<void> {
  await storeOperations(new PrismaThreadStore(world.db));
  await lifecycleOperations();
  await followUpOperations();
  await callOperations();
  await usageOperations();
  await eventOperations();
}

async function storeOperations(store: PrismaThreadStore): Promise<void> {
  const thread = aThread({ id: newId('thread') });
  await store.saveThread(auth(), thread);
  await store.saveThread(auth(), thread);
  await store.updateThread(auth(), thread.id, { title: 'x' });
  await store.loadThread(auth(), thread.id);
  const [one, two] = [anAnswer(thread.id), anAnswer(thread.id)];
  await store.addItem(auth(), one);
  await store.saveItem(auth(), two);
  for (const order of ['asc', 'desc'] as const) {
    await store.loadThreads(auth(), { limit: 20, order });
    await store.loadThreads(auth(), { limit: 20, order, after: thread.id });
    await store.loadItems(auth(), thread.id, { limit: 20, order });
    await store.loadItems(auth(), thread.id, { limit: 20, order, after: one.id });
  }
  await store.loadItem(auth(), thread.id, one.id);
  await store.deleteItem(auth(), thread.id, one.id);
  const attachment = { type: 'file', id: newId('attachment'), name: 'a', mime_type: 'b' } as const;
  for (let n = 0; n < 2; n++) await store.saveAttachment(auth(), { attachment, metadata: {} });
  await store.loadAttachment(auth(), attachment.id);
  const turn = aTurn({ threadId: thread.id });
  await lifecycleOf(world).lifecycle.admit(auth(), {
    ...turn,
    userItem: { ...turn.userItem, attachments: [attachment] },
  });
  await listThreadIds(world.db, auth());
  await store.deleteAttachment(auth(), attachment.id);
  await store.deleteThread(auth(), thread.id);
}

async function lifecycleOperations(): Promise<void> {
  const { lifecycle } = lifecycleOf(world, { isWaiting: async () => false });
  const held = await claimedTurn(lifecycle);
  const waiting = aTurn({ threadId: held.threadId });
  await lifecycle.admit(auth(), waiting);
  await lifecycle.claim({ runId: waiting.runId, fence: 0 }, 'wrk_2');
  await lifecycle.renewLeases([held]);
  await loadHistory(world.db.pool, held, 20);
  await lifecycle.storeItem(held, anAnswer(held.threadId));
  await loadRun(world.db, auth(), held.runId);
  await isRunSettled(world.db.system, held.runId);
  await expireLease(world.db, held.runId);
  await lifecycle.sweep();
  const second = await lifecycle.claim(held, 'wrk_2');
  if (!second) throw new Error('the run could not be claimed again');
  await lifecycle.handOver(second);
  await lifecycle.requestStop(waiting.runId);
  const third = await lifecycle.claim({ runId: held.runId, fence: 3 }, 'wrk_3');
  if (!third) throw new Error('the run could not be claimed a third time');
  await lifecycle.settle(third, { state: 'completed' }, [anAnswer(held.threadId)]);
  await lifecycle.releaseNext(held);
  await finishFromStore(world.db.system, held.runId, { open: new Set(['msg_1']), closed: new Set() }, false);
  const lost = aTurn();
  await lifecycle.admit(auth(), lost);
  await passGrace(world.db, lost.runId);
  await lifecycle.sweep();
  const catalogue = new CatalogueStore(world.db);
  for (let n = 0; n < 2; n++) await catalogue.publish('wrk_1', { defaultModel: 'demo/echo', providers: [] });
  await catalogue.load();
  await catalogue.withdraw('wrk_1');
}

async function followUpOperations(): Promise<void> {
  const { lifecycle } = lifecycleOf(world);
  const store = new PrismaThreadStore(world.db);
  const held = await claimedTurn(lifecycle);
  const { threadId } = held;
  await store.titleIfUntitled(auth(), threadId, 'x');
  await lifecycle.beginTool(held);
  await lifecycle.removeItems(held, ['msg_1']);
  const made = { thread_id: threadId, created_at: new Date().toISOString() };
  const form = { type: 'structured_input', id: newId('message'), status: 'pending', ...made } as const;
  const call = { type: 'client_tool_call', id: newId('tool_call'), status: 'pending', ...made } as const;
  await lifecycle.settle(held, { state: 'completed' }, [
    { ...form, inputs: [] },
    { ...call, call_id: 'c', name: 'n', arguments: {} },
  ]);
  const fields = { threadId, assistantId: 'default', context: {} };
  const submission = { status: 'answered', answers: {} } as const;
  const retried = newId('run');
  const followUps: TurnRequest[] = [
    { ...fields, runId: newId('run'), trigger: 'threads.add_client_tool_output', result: 1 },
    { ...fields, runId: newId('run'), trigger: 'threads.add_structured_input', itemId: form.id, submission },
    { ...fields, runId: newId('run'), trigger: 'threads.custom_action', action: { type: 'a', payload: null } },
    { ...fields, runId: retried, trigger: 'threads.retry_after_item', itemId: held.triggerItemId ?? '' },
    {
      ...fields,
      runId: newId('run'),
      trigger: 'threads.retry_after_item',
      itemId: held.triggerItemId ?? '',
      afterRun: retried,
    },
  ];
  for (const turn of followUps) {
    await lifecycle.admit(auth(), turn);
    await lifecycle.requestStop(turn.runId);
  }
  const feedback = { threadId, itemIds: [held.triggerItemId ?? ''], kind: 'positive' } as const;
  await new FeedbackStore(world.db).add(auth(), feedback);
  await lifecycle.deleteThread(auth(), threadId);
}

async function usageOperations(): Promise<void> {
  const store = new UsageStore(world.db);
  const of = { runId: newId('run'), fence: 1, tenantId: 'acme', ownerId: 'ada' };
  const tokens = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, reasoningTokens: 0 };
  const usage = [{ provider: 'p', model: 'm', calls: 1, ...tokens, estimated: false }];
  await store.book(of, usage);
  await store.add(of, usage);
  await store.between(auth(), new Date(Date.now() - 86_400_000), new Date());
}

async function admissionOperations(): Promise<void> {
  const user = auth('queue');
  for (const perTenant of [null, 50]) {
    const { lifecycle } = lifecycleOf(
      world,
      {},
      {
        queuedRuns: { global: 1000, perTenant: 1000, perUser: 1000 },
        activeRuns: { perTenant, perUser: 1 },
      },
    );
    const first = aTurn();
    await lifecycle.admit(user, first);
    const claim = await lifecycle.claim({ runId: first.runId, fence: 0 }, 'wrk_1');
    if (!claim) throw new Error('the run could not be claimed');
    const waiting = aTurn();
    const idempotency = { key: newId('run'), bodyHash: 'x' };
    await lifecycle.admit(user, { ...waiting, idempotency });
    await lifecycle.findReplay(user, idempotency);
    await lifecycle.queuePositions([waiting.runId]);
    await lifecycle.settle(claim, { state: 'completed' }, []);
    await lifecycle.releaseNext(claim);
    for (const doubleTexting of ['interrupt', 'rollback', 'enqueue'] as const) {
      await lifecycle.admit(user, { ...aTurn({ threadId: waiting.threadId }), doubleTexting });
    }
    const next = { ...aTurn({ threadId: waiting.threadId }), doubleTexting: 'reject' as const };
    await expect(lifecycle.admit(user, next)).rejects.toMatchObject({ code: 'turn.open' });
    await lifecycle.deleteThread(user, waiting.threadId);
    await lifecycle.sweep();
  }
  await sweepUploads(world.db);
  await fileOperations();
}

/** What administrators read and do, whatever they look for: alone, and with the time. */
async function administrationOperations(): Promise<void> {
  const { db } = world;
  const time = { from: new Date(Date.now() - 60_000), until: new Date() };
  const filters: Omit<RunFilter, 'limit'>[] = [
    {},
    time,
    { before: newId('run') },
    { states: ['failed'] },
    { states: ['queued', 'working'] },
    { states: ['completed', 'cancelled'] },
    { tenant: 'tenant_1' },
    { tenant: 'tenant_1', user: 'user_1' },
    { thread: 'thr_1' },
    { model: 'p/m', errorCode: 'run.internal', worker: 'wrk_1', assistant: 'default', words: 'a' },
  ];
  for (const filter of filters) await listAllRuns(db, { limit: 50, ...filter });
  await overview(db);
  await listWorkers(db.system);
  await loadRunDetails(db.system, 'run_1');
  // Their payloads are empty.
  await expect(loadRunContent(db.system, 'run_1')).rejects.toThrow('cannot be read');
  await loadRetryTarget(db.system, 'run_1');
  await setThreadStatus(db.system, 'thr_1', { type: 'active' });
  const quotas = quotasOf(QuotasConfig.parse({ perUser: { tokensPerDay: 9_000 }, perTenant: { tokensPerDay: 9_000 } }));
  await limitsInUse(db, runLimits(LimitsConfig.parse({ activeRuns: { perTenant: 9 } }), true, quotas));
  for (const tenant of [undefined, 'tenant_1']) await usageReport(db, time.from, time.until, tenant);
  await recordAudit(db.system, { actor: 'adminToken', action: 'key.create' });
  const entries = { before: 'aud_5', action: 'action_1', tenantId: 'tenant_1', subjects: ['user_1'] };
  await listAudit(db.system, { limit: 50 });
  for (const [name, value] of Object.entries(entries)) await listAudit(db.system, { limit: 50, [name]: value });
}

const NO_QUOTA = { perUser: { files: null, bytes: null }, perTenant: { files: null, bytes: null } };

async function fileOperations(): Promise<void> {
  const stored = [{ attachmentId: 'atc_1', modifiedAt: new Date(0), isStaged: true, remove: async () => undefined }];
  const files = {
    delete: async () => undefined,
    has: async () => true,
    list: async function* () {
      yield* stored;
    },
  } as Partial<AttachmentFiles> as AttachmentFiles;
  const deletedFiles = new DeletedFiles(world.db, files, recordingLogger([]));
  await deletedFiles.remove();
  await deletedFiles.removeAll();
  await claimOrphanSweep(world.db);
  await sweepOrphans(world.db, files, new AbortController().signal);
}

async function callOperations(): Promise<void> {
  const calls = new CallStore(world.db);
  const payload = { threadId: 'thr_1', itemIds: [], kind: 'positive' };
  await calls.ask(auth(), {
    callId: 'call_x',
    kind: 'feedback',
    assistantId: 'default',
    payload,
    context: {},
    askedBy: 'api_1',
  });
  await calls.take('call_x');
  await calls.answer({ callId: 'call_x', tenantId: auth().tenantId, ownerId: auth().userId }, { value: {} });
  await calls.reply(auth(), 'call_x');
  await calls.forget(auth(), 'call_x');
  const attachment = {
    type: 'file',
    id: newId('attachment'),
    name: 'a',
    mime_type: 'b',
    upload_descriptor: { url: 'http://localhost/', method: 'PUT', headers: {} },
  } as const;
  await new PrismaThreadStore(world.db).saveAttachment(auth(), { attachment, metadata: {} });
  const uploads = new UploadRecords(world.db);
  await uploads.resize(auth(), attachment.id, 1, NO_QUOTA);
  await uploads.complete(auth(), attachment, async () => undefined);
  await uploads.create(auth(), { ...attachment, id: newId('attachment') }, 1, NO_QUOTA);
  await uploads.ownerOf(auth().tenantId, attachment.id);
}

async function eventOperations(): Promise<void> {
  const { log, bus, policies, removeExpired } = await world.openEngine('postgres');
  const runId = newId('run');
  await log.append([anEntry(runId, { fence: 2, first: 1, last: 1 })], []);
  await log.append([anEntry(runId, { first: 1, last: 1 })], []);
  await log.readAfter(runId);
  await bus.join(runId, 'api_1');
  await bus.readersOf([runId, 'run_1']);
  await bus.leave(runId, 'api_1');
  const permit = { key: 'a', holder: 'call_1' };
  await policies.book([{ key: 'a', perMinute: 60, burst: 1, cost: 1 }], 0);
  await policies.acquire(permit, 1, 1_000);
  await policies.release(permit);
  await policies.countFailure(
    'a',
    { failures: 1, openMs: 1, maxOpenMs: 1 },
    { code: 'unavailable', detail: 'HTTP 503', isProbe: false },
  );
  await policies.breaker('a');
  await policies.takeProbe('a', 1);
  await policies.releaseProbe('a');
  await policies.closeBreaker('a');
  await policies.holdBreaker('a');
  await policies.resetBreaker('a');
  await policies.setAside('a', 1);
  await policies.asideFor(['a']);
  await removeExpired();
}
