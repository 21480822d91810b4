import type { RowAccess } from '../platform/database.js';
import { bool, prepared, query } from '../platform/statement.js';
import { loadSettledRun } from './load-run.js';
import {
  ANSWER_LOST,
  CANCELLED,
  encodeGatewayError,
  type GatewayError,
  gatewayErrorOf,
} from '../gateway/gateway-error.js';

/** Longer than a worker tries to append the last entry of a settled run to the log. */
const LAST_ENTRY_MS = 6_000;

const OVER = prepared(
  'gateway-over',
  `SELECT coalesce(settled_at < now() - $2 * interval '1 ms', false) AS over FROM runs WHERE id = $1`,
  { over: bool() },
);

/**
 * Whether a completion is over: an answer is only in the log, and its last entry is appended a moment after the run
 * has settled. A deleted run is over, too.
 */
export async function isCompletionOver(db: RowAccess, runId: string): Promise<boolean> {
  const { rows } = await query(db, OVER, [runId, LAST_ENTRY_MS]);
  return rows[0]?.over ?? true;
}

/**
 * The frame that ends a settled completion whose log cannot be read: answers are not stored in Postgres, so it is always
 * an error, the run's own where it has one.
 */
export async function finishCompletionFromStore(db: RowAccess, runId: string, showCauses: boolean): Promise<Buffer> {
  const settled = await loadSettledRun(db, runId);
  return Buffer.from(encodeGatewayError(errorOf(settled?.run, showCauses)));
}

type Settled = NonNullable<Awaited<ReturnType<typeof loadSettledRun>>>['run'];

function errorOf(run: Settled | undefined, showCauses: boolean): GatewayError {
  if (run?.state === 'cancelled') return CANCELLED;
  if (run?.state !== 'failed') return ANSWER_LOST;
  const error = gatewayErrorOf(run.errorCode ?? 'run.internal', run.errorDetail ?? undefined, showCauses);
  const { userError } = run;
  return userError && 'message' in userError && userError.message ? { ...error, message: userError.message } : error;
}
