import { Queue } from 'bullmq';
import {
  type AuthContext,
  CallQueue,
  Database,
  type EventEngine,
  type Logger,
  namesOf,
  type RedisNames,
  RunDispatcher,
  type RunLimits,
  RunQueue,
} from '#runtime';
import { type Claim, RunExecution } from '#runtime/worker';
import { type MessageTurn, RunAdmission } from '#runtime/api';
import { newId, type ThreadItem } from '#chatkit';
import { aUserMessage, anAssistantMessage } from '#chatkit/testing';
import type { AdmittedRuns } from '../../../libs/runtime/src/admission/admitted-runs.js';
import { CALL_QUEUE } from '../../../libs/runtime/src/jobs/call-queue.js';
import { queueOptions } from '../../../libs/runtime/src/nest/queue-connection.js';
import { JOB_OPTIONS } from '../../../libs/runtime/src/jobs/job-options.js';
import { RUN_QUEUE } from '../../../libs/runtime/src/jobs/run-queue.js';
import { enforceRowLevelSecurity } from '../../../libs/runtime/src/platform/row-level-security.js';
import { connectEventEngine, type StoreSettings } from '../../../libs/runtime/src/nest/connect-event-engine.js';
import { duringSuite } from '../../support/during-suite.js';
import { createTestDatabase, rowLevelSecurity, testRedisUrl } from '../../support/engines.js';

export type EngineKind = 'redis' | 'postgres';

/** Records the errors that are logged. */
export const recordingLogger = (errors: Error[]): Logger =>
  ({ warn: ({ err }: { readonly err: Error }) => void errors.push(err) }) as Partial<Logger> as Logger;

export const auth = (userId = 'ada', tenantId = 'acme'): AuthContext => ({
  tenantId,
  userId,
  roles: [],
  requestId: 'req_test',
});

/** A database for one test file, which can be opened once for each process in the test. */
export interface TestWorld {
  readonly url: string;
  readonly db: Database;
  openDatabase(): Database;
  /** An engine with connections of its own, as each process has. Errors go to `errors`. */
  openEngine(kind: EngineKind): Promise<EventEngine>;
  openQueue(kind: EngineKind): Promise<RunQueue>;
  openCallQueue(kind: EngineKind): Promise<CallQueue>;
  stores(kind: EngineKind): StoreSettings;
  /** Of its keys in Redis. */
  names(): Promise<RedisNames>;
  readonly errors: Error[];
  close(): Promise<void>;
}

/** `settings`: of the database, such as its time zone. */
export async function openWorld(
  isScoped = rowLevelSecurity,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestWorld> {
  const database = await createTestDatabase(settings);
  const { url } = database;
  const opened: (() => Promise<unknown>)[] = [() => database.drop()];
  const errors: Error[] = [];
  const openDatabase = (): Database => {
    const db = new Database(url, { maxConnections: 8, name: 'runtime test', rowLevelSecurity: isScoped });
    opened.push(() => db.close());
    return db;
  };
  const db = openDatabase();
  const stores = (kind: EngineKind): StoreSettings => ({
    databaseUrl: url,
    redis: kind === 'redis' ? { url: testRedisUrl() ?? '' } : undefined,
  });
  const openEngine = async (kind: EngineKind): Promise<EventEngine> => {
    const engine = await connectEventEngine(openDatabase(), stores(kind), (error) => errors.push(error));
    opened.push(() => engine.close());
    return engine;
  };
  const open = async (name: string, kind: EngineKind): Promise<Queue> => {
    const queue = new Queue(name, { ...(await queueOptions(stores(kind), db.system)), defaultJobOptions: JOB_OPTIONS });
    opened.push(() => queue.close());
    return queue;
  };
  const logger = recordingLogger(errors);
  const openQueue = async (kind: EngineKind) => new RunQueue(await open(RUN_QUEUE, kind), logger);
  const openCallQueue = async (kind: EngineKind) => new CallQueue(await open(CALL_QUEUE, kind), logger);
  const close = async (): Promise<void> => {
    for (const end of opened.toReversed()) await end();
  };
  if (isScoped) await enforceRowLevelSecurity(db);
  const names = () => namesOf({ url: '' }, db.system);
  return { url, db, openDatabase, openEngine, openQueue, openCallQueue, stores, names, errors, close };
}

/** A world for the tests of a suite. */
export const useWorld = (settings: Readonly<Record<string, string>> = {}): TestWorld =>
  duringSuite(
    () => openWorld(rowLevelSecurity, settings),
    (world) => world.close(),
  );

const NO_LIMITS: RunLimits = {
  queuedRuns: { global: null, perTenant: null, perUser: null },
  activeRuns: { perTenant: null, perUser: null },
  maxQueueMs: 600_000,
};

/** What the API and what a worker does to runs, in one object: a test uses both. */
export type Lifecycle = Pick<RunAdmission, keyof RunAdmission> & Pick<RunExecution, keyof RunExecution>;

function methodsOf<Service extends object>(service: Service): Pick<Service, keyof Service> {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(service)) as (keyof Service & string)[];
  return Object.fromEntries(names.map((name) => [name, (service[name] as () => unknown).bind(service)])) as Service;
}

/** The lifecycle over a queue that records jobs instead of delivering them: races are decided in Postgres. */
export function lifecycleOf(world: TestWorld, queue: Partial<RunQueue> = {}, limits: Partial<RunLimits> = {}) {
  const added: { runId: string; fence: number; dispatch: number }[] = [];
  const sent: { channel: string; message: string }[] = [];
  const deferred: string[] = [];
  const { db } = world;
  const recorded = {
    add: async (run: { runId: string; fence: number; dispatch: number }) => void added.push(run),
    isWaiting: async () => true,
    ...queue,
  } as RunQueue;
  const bus = { send: async (channel: string, message: string) => void sent.push({ channel, message }) };
  const log = { delete: async () => undefined } as Partial<EventEngine['log']> as EventEngine['log'];
  const logger = { warn: (_: unknown, message: string) => void deferred.push(message) } as Partial<Logger> as Logger;
  const limited = { ...NO_LIMITS, ...limits };
  const dispatcher = new RunDispatcher(db, recorded, limited, logger);
  const uncounted = { count: () => undefined, cancelled: () => undefined } as Partial<AdmittedRuns> as AdmittedRuns;
  const admission = new RunAdmission(
    db,
    { bus, log } as Partial<EventEngine> as EventEngine,
    limited,
    dispatcher,
    uncounted,
  );
  const execution = new RunExecution(db, limited, dispatcher);
  const lifecycle: Lifecycle = { ...methodsOf(admission), ...methodsOf(execution) };
  return { lifecycle, limits: limited, added, sent, deferred };
}

/** The turn with a file that the caller has uploaded. */
export function withAttachment(turn: MessageTurn, id: string): MessageTurn {
  const attachment = { type: 'file', id, name: 'a', mime_type: 'text/plain' } as const;
  return { ...turn, userItem: { ...turn.userItem, attachments: [attachment] } };
}

/** A turn that begins a thread; with `threadId`, one that continues it. */
export function aTurn(fields: Partial<MessageTurn> & { readonly text?: string } = {}): MessageTurn {
  const { text = 'Hello', ...given } = fields;
  const threadId = given.threadId ?? newId('thread');
  return {
    runId: newId('run'),
    trigger: given.threadId === undefined ? 'threads.create' : 'threads.add_user_message',
    threadId,
    userItem: aUserMessage({
      id: newId('message'),
      thread_id: threadId,
      created_at: new Date().toISOString(),
      content: [{ type: 'input_text', text }],
    }),
    assistantId: 'default',
    request: { model: 'demo/echo' },
    context: { locale: 'en', headers: { 'x-secret': 'open sesame' } },
    ...given,
  };
}

export function anAnswer(threadId: string, text = 'Hello yourself', id = newId('message')): ThreadItem {
  return anAssistantMessage({
    id,
    thread_id: threadId,
    created_at: new Date().toISOString(),
    content: [{ type: 'output_text', text, annotations: [] }],
  });
}

/** Admits a turn and claims it. */
export async function claimedTurn(
  lifecycle: Lifecycle,
  fields: Parameters<typeof aTurn>[0] = {},
  workerId = 'wrk_1',
): Promise<Claim> {
  const turn = aTurn(fields);
  await lifecycle.admit(auth(), turn);
  const claim = await lifecycle.claim({ runId: turn.runId, fence: 0 }, workerId);
  if (!claim) throw new Error('the run could not be claimed');
  return claim;
}

export interface RunRow {
  id: string;
  state: string;
  attempt: number;
  fence: number;
  dispatch: number;
  dispatched_at: Date | null;
  worker_id: string | null;
  error_code: string | null;
  error_detail: string | null;
  context: unknown;
  claims: readonly { readonly ended?: string }[] | null;
  lease_expires_at: Date | null;
}

export async function runRow(db: Database, runId: string): Promise<RunRow> {
  const { rows } = await db.pool.query<RunRow>('SELECT * FROM runs WHERE id = $1', [runId]);
  const [row] = rows;
  if (!row) throw new Error(`there is no run ${runId}`);
  return row;
}

/** Ids and types of a thread's items in their order. */
export async function itemsOf(
  db: Database,
  threadId: string,
): Promise<{ id: string; type: string; fence: number | null }[]> {
  const { rows } = await db.pool.query<{ id: string; type: string; fence: number | null }>(
    'SELECT id, type, fence FROM items WHERE thread_id = $1 ORDER BY position',
    [threadId],
  );
  return rows;
}

/** Expires a lease without waiting: lease and dispatch are moved into the past. */
export async function expireLease(db: Database, runId: string): Promise<void> {
  await db.pool.query(
    `UPDATE runs SET lease_expires_at = now() - interval '1 s', dispatched_at = now() - interval '20 s' WHERE id = $1`,
    [runId],
  );
}

/** As if the newest job had been added longer ago than the sweeper's grace period. */
export async function passGrace(db: Database, runId: string): Promise<void> {
  await db.pool.query(`UPDATE runs SET dispatched_at = now() - interval '11 s' WHERE id = $1`, [runId]);
}
