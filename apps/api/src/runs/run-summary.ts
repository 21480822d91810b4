import { z } from 'zod';
import { errorEvent, operatorHint, type Run } from '#runtime';
import type { AnswerOf } from '../described/describes.js';

/** Why a run failed. The cause, and what can be done about it, are told on single-user servers only. */
const FailureSummary = z.object({
  code: z.string(),
  /** What the stream said to the user, if it said anything. */
  message: z.string().optional(),
  allow_retry: z.boolean(),
  cause: z.string().optional(),
  fix: z.string().optional(),
});
export type FailureSummary = AnswerOf<typeof FailureSummary>;

/** A run as its user sees it. Times are ISO 8601. */
export const RunSummary = z.object({
  id: z.string(),
  thread_id: z.string(),
  state: z.enum(['queued', 'working', 'completed', 'failed', 'cancelled']),
  /** The type of the request that started it. */
  trigger: z.string(),
  /** The user message, tool call, form or widget that it is about. */
  trigger_item_id: z.string().optional(),
  created_at: z.iso.datetime(),
  settled_at: z.iso.datetime().optional(),
  /** What `response.extra` of the provider's entry names. */
  extra: z.record(z.string(), z.unknown()).optional(),
  error: FailureSummary.optional(),
});
export type RunSummary = AnswerOf<typeof RunSummary>;

export function runSummary(run: Run, showCause: boolean): RunSummary {
  return {
    id: run.id,
    thread_id: run.threadId,
    state: run.state,
    trigger: run.trigger,
    trigger_item_id: run.triggerItemId ?? undefined,
    created_at: run.createdAt.toISOString(),
    settled_at: run.settledAt?.toISOString(),
    extra: run.extra,
    error: failureOf(run, showCause),
  };
}

function failureOf({ errorCode, errorDetail, userError }: Run, showCause: boolean): FailureSummary | undefined {
  if (!errorCode) return undefined;
  const { message, allow_retry } = errorEvent(errorCode, undefined, false, userError ?? undefined);
  return {
    code: errorCode,
    message,
    allow_retry,
    cause: (showCause && errorDetail) || undefined,
    fix: showCause ? operatorHint(errorCode) : undefined,
  };
}
