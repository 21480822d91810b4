import { type RunErrorCode, toRunErrorCode } from '../errors/run-error.js';
import { bigint, bool, int, nullable, type RowOf, text, timestamp } from '../platform/statement.js';
import type { RunState } from '../runs/run.js';

/** A column that is null in rows that have not come so far, and in none where the join found no row. */
const maybe = {
  text: () => nullable(text()),
  int: () => nullable(int()),
  bigint: () => nullable(bigint()),
  time: () => nullable(timestamp()),
};

/** What administrators see of every run: names, times and counts, and the cause of its failure. */
export const RUN_FACTS = {
  id: text(),
  tenantId: text(),
  ownerId: text(),
  threadId: maybe.text(),
  state: text<RunState>(),
  trigger: text(),
  assistantId: text(),
  attempt: int(),
  dispatch: int(),
  workerId: maybe.text(),
  dispatchedAt: maybe.time(),
  isLeaseOver: bool(),
  stopRequestedAt: maybe.time(),
  errorCode: maybe.text(),
  errorDetail: maybe.text(),
  provider: maybe.text(),
  model: maybe.text(),
  asked: maybe.text(),
  inputTokens: maybe.int(),
  outputTokens: maybe.int(),
  costMicros: maybe.bigint(),
  createdAt: timestamp(),
  startedAt: maybe.time(),
  firstTokenAt: maybe.time(),
  settledAt: maybe.time(),
};

/** Of the cause of a failure in lists; a provider may say a lot. */
const MAX_DETAIL = 1_000;

/** In SQL, of the table `runs`. The request of a completion holds a conversation, and is looked at for as long as it is open only. */
export const RUN_FACTS_SQL = `
  id, tenant_id AS "tenantId", owner_id AS "ownerId", thread_id AS "threadId", state, trigger, assistant_id AS "assistantId",
  attempt, dispatch, worker_id AS "workerId", dispatched_at AS "dispatchedAt",
  coalesce(state = 'working' AND lease_expires_at < now(), false) AS "isLeaseOver", stop_requested_at AS "stopRequestedAt",
  error_code AS "errorCode", left(error_detail, ${MAX_DETAIL}) AS "errorDetail", provider, model,
  CASE WHEN settled_at IS NULL THEN request->>'model' END AS asked,
  input_tokens AS "inputTokens", output_tokens AS "outputTokens", cost_micros AS "costMicros",
  created_at AS "createdAt", started_at AS "startedAt", first_token_at AS "firstTokenAt", settled_at AS "settledAt"`;

export type RunFactsRow = RowOf<typeof RUN_FACTS>;

export interface RunFacts extends Omit<RunFactsRow, 'errorCode' | 'costMicros'> {
  readonly errorCode: RunErrorCode | null;
  readonly costMicros: number | null;
}

export const toRunFacts = (row: RunFactsRow): RunFacts => ({
  ...row,
  errorCode: toRunErrorCode(row.errorCode),
  costMicros: row.costMicros === null ? null : Number(row.costMicros),
});
