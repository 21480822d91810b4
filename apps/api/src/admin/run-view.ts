import { z } from 'zod';
import { operatorHint } from '#runtime';
import type { RunDetails, RunFacts } from '#runtime/api';

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;
const between = (from: Date, to: Date | null): number | null =>
  to ? Math.max(0, to.getTime() - from.getTime()) : null;

const text = z.string().nullable();
const number = z.number().nullable();
const time = z.iso.datetime();

/** Times are ISO 8601, durations milliseconds, costs millionths of the price table's currency. */
export const RunShown = z.object({
  id: z.string(),
  tenant: z.string(),
  user: z.string(),
  /** Null: a completion of the gateway. */
  thread_id: text,
  state: z.enum(['queued', 'working', 'completed', 'failed', 'cancelled']),
  /** Asked to stop, and still working. */
  is_stopping: z.boolean(),
  /** Its worker has not renewed its lease in time. */
  is_overdue: z.boolean(),
  /** A queued run without a job waits for its thread, or for room under a limit. */
  is_waiting: z.boolean(),
  trigger: z.string(),
  assistant: z.string(),
  model: text,
  attempt: z.number(),
  worker: text,
  created_at: time,
  settled_at: time.nullable(),
  age_ms: number,
  queue_wait_ms: number,
  first_token_ms: number,
  input_tokens: number,
  output_tokens: number,
  cost_micros: number,
  error: z.object({ code: z.string(), cause: text, fix: z.string() }).nullable(),
});

/** A run as administrators see it, in a list. Times are ISO 8601, durations milliseconds, costs millionths. */
export function runView(run: RunFacts, now: Date): z.output<typeof RunShown> {
  const { createdAt, startedAt, settledAt, firstTokenAt, errorCode } = run;
  return {
    id: run.id,
    tenant: run.tenantId,
    user: run.ownerId,
    thread_id: run.threadId,
    state: run.state,
    is_stopping: run.stopRequestedAt !== null && settledAt === null,
    is_overdue: run.isLeaseOver,
    is_waiting: run.state === 'queued' && run.dispatchedAt === null,
    trigger: run.trigger,
    assistant: run.assistantId,
    model: run.model === null ? run.asked : run.provider === null ? run.model : `${run.provider}/${run.model}`,
    attempt: run.attempt,
    worker: run.workerId,
    created_at: createdAt.toISOString(),
    settled_at: iso(settledAt),
    age_ms: between(createdAt, settledAt ?? now),
    queue_wait_ms: between(createdAt, startedAt ?? settledAt ?? now),
    first_token_ms: between(createdAt, firstTokenAt),
    input_tokens: run.inputTokens,
    output_tokens: run.outputTokens,
    cost_micros: run.costMicros,
    error:
      errorCode === null ? null : { code: errorCode, cause: run.errorDetail ?? null, fix: operatorHint(errorCode) },
  };
}

/** Ids of the jobs that were made for a run; older ones may be gone from the queue. */
export const jobIdsOf = ({ id, dispatch }: Pick<RunDetails, 'id' | 'dispatch'>): string[] =>
  Array.from({ length: Math.min(dispatch, MAX_JOBS) }, (_, index) => `${id}-${dispatch - index}`);

const MAX_JOBS = 20;
