import { type RunErrorCode, toRunErrorCode } from '../errors/run-error.js';
import type { Queryable } from '../platform/database.js';
import { nullable, query, text, unprepared } from '../platform/statement.js';

/** A job's fence is that of the run before the claim; the one after belongs to whoever claimed with this job. */
const FAILED = unprepared(
  'run-failed-without',
  `SELECT error_code AS code FROM runs WHERE id = $1 AND fence BETWEEN $2 AND $2 + 1 AND state = 'failed'`,
  { code: nullable(text()) },
);

export async function failedWithout(
  db: Queryable,
  { runId, fence }: { readonly runId: string; readonly fence: number },
): Promise<RunErrorCode | undefined> {
  const { rows } = await query(db, FAILED, [runId, fence]);
  return toRunErrorCode(rows[0]?.code ?? null) ?? undefined;
}
