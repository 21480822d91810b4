import type { Run, RunErrorCode, RunState } from '#runtime';

/** A run as its user sees it. Times are ISO 8601. */
export interface RunSummary {
  readonly id: string;
  readonly thread_id: string;
  readonly state: RunState;
  /** The type of the request that started it. */
  readonly trigger: string;
  /** The user message, tool call, form or widget that it is about. */
  readonly trigger_item_id?: string | undefined;
  readonly created_at: string;
  readonly settled_at?: string | undefined;
  /** What `response.extra` of the provider's entry names. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  /** Of a failed run; the cause only on single-user servers. */
  readonly error?: { readonly code: RunErrorCode; readonly cause?: string | undefined } | undefined;
}

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
    error: run.errorCode ? { code: run.errorCode, cause: (showCause && run.errorDetail) || undefined } : undefined,
  };
}
