import * as z from 'zod';
import { ErrorEvent, type ThreadItem } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import type { RunModel } from '../generated/prisma/models.js';
import type { Database, RowAccess } from '../platform/database.js';
import { prepared, query, text } from '../platform/statement.js';
import { ITEM_COLUMNS, itemColumnsSql, toItem } from '../threads/rows.js';
import { isSettled, type Run, type RunState } from '../runs/run.js';
import { toRunErrorCode } from '../errors/run-error.js';

/** Returns a run of the caller, or undefined. */
export async function loadRun(db: Database, auth: AuthContext, runId: string): Promise<Run | undefined> {
  const row = await db
    .of(auth)
    .prisma((prisma) => prisma.run.findFirst({ where: { id: runId, tenantId: auth.tenantId, ownerId: auth.userId } }));
  return row ? toRun(row) : undefined;
}

export interface RunFilter {
  readonly limit: number;
  /** Only the runs that answer one of these items. */
  readonly itemIds?: readonly string[] | undefined;
}

/** Runs of a thread of the caller, newest first; one more than `limit` when there are more. */
export async function listRuns(
  db: Database,
  auth: AuthContext,
  threadId: string,
  { limit, itemIds }: RunFilter,
): Promise<Run[]> {
  const answers = itemIds && { triggerItemId: { in: [...itemIds] } };
  const rows = await db.of(auth).prisma((prisma) =>
    prisma.run.findMany({
      where: { threadId, tenantId: auth.tenantId, ownerId: auth.userId, ...answers },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    }),
  );
  return rows.map(toRun);
}

/** Working runs of a thread, oldest first. */
export async function listWorkingRuns(db: Database, auth: AuthContext, threadId: string): Promise<Run[]> {
  const rows = await db.of(auth).prisma((prisma) =>
    prisma.run.findMany({
      where: { threadId, tenantId: auth.tenantId, ownerId: auth.userId, state: 'working' },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
  );
  return rows.map(toRun);
}

const STATE = prepared('run-state', 'SELECT state FROM runs WHERE id = $1', { state: text<RunState>() });

/** Whether a run has ended; true also when it was deleted with its thread. */
export async function isRunSettled(db: RowAccess, runId: string): Promise<boolean> {
  const { rows } = await query(db, STATE, [runId]);
  return rows[0] === undefined || isSettled(rows[0].state);
}

/** A settled run and the items that it left, oldest first. */
export interface SettledRun {
  readonly run: Run;
  readonly items: readonly ThreadItem[];
}

const LOAD_ITEMS = prepared(
  'run-items',
  `SELECT ${itemColumnsSql} FROM items WHERE run_id = $1 AND fence IS NOT NULL ORDER BY position`,
  ITEM_COLUMNS,
);

/** Returns what a settled run left, or undefined when it was deleted with its thread. */
export async function loadSettledRun(db: RowAccess, runId: string): Promise<SettledRun | undefined> {
  // No `findUnique`, which Prisma joins with those of other callers into one statement.
  const row = await db.prisma((prisma) => prisma.run.findFirst({ where: { id: runId } }));
  if (!row) return undefined;
  const { rows } = await query(db, LOAD_ITEMS, [runId]);
  return { run: toRun(row), items: rows.map(toItem) };
}

function toRun(row: RunModel): Run {
  return {
    id: row.id,
    tenantId: row.tenantId,
    ownerId: row.ownerId,
    threadId: row.threadId ?? '',
    state: row.state as RunState,
    trigger: row.trigger,
    triggerItemId: row.triggerItemId,
    assistantId: row.assistantId,
    attempt: row.attempt,
    fence: row.fence,
    dispatch: row.dispatch,
    workerId: row.workerId,
    errorCode: toRunErrorCode(row.errorCode),
    errorDetail: row.errorDetail,
    userError: toUserError(row.userError),
    extra: toExtra(row.usage),
    createdAt: row.createdAt,
    settledAt: row.settledAt,
  };
}

const Details = z.object({ extra: z.record(z.string(), z.unknown()) });

const toExtra = (usage: unknown): Run['extra'] => Details.safeParse(usage).data?.extra;

/** Parses the event of a row that a newer or older version wrote; anything but an error event counts as none. */
function toUserError(stored: unknown): ErrorEvent | null {
  return ErrorEvent.safeParse(stored).data ?? null;
}
