import type { Action, ErrorEvent, StreamingRequest } from '#chatkit';
import type { ChatCompletionRequest } from '../gateway/chat-completion-request.js';
import type { HistoryRow } from '../threads/rows.js';
import type { ModelUsage } from '../usage/model-usage.js';
import type { RunSteps } from './run-steps.js';
import type { TracePlace } from '../platform/trace-context.js';
import type { RunErrorCode } from '../errors/run-error.js';

/** The last three are called `settled`. */
export type RunState = 'queued' | 'working' | 'completed' | 'failed' | 'cancelled';
export type SettledState = Exclude<RunState, 'queued' | 'working'>;

export function isSettled(state: RunState): state is SettledState {
  return state !== 'queued' && state !== 'working';
}

/** The request type that asked for a run, as the protocol names it; or the gateway, whose runs have no thread. */
export type Trigger = StreamingRequest['type'] | 'gateway.chat';

/** The model options of the request, and the click of an action; a message itself is an item. */
export interface RunRequest {
  readonly model?: string | undefined;
  readonly toolChoice?: string | undefined;
  /** User input, not to be trusted; nulls inside the payload are data [SER-2]. */
  readonly action?: Action;
  /** The widget that was clicked; absent when the page itself sent the action. */
  readonly itemId?: string | undefined;
  /** Ids of the items that an edit has taken away, as its reader is told them. */
  readonly removed?: readonly string[] | undefined;
  /** The whole request of a completion; erased when the run settles. */
  readonly completion?: ChatCompletionRequest;
}

/** The allow-listed part of the HTTP request that assistants may see; erased when the run settles. */
export interface RunContext {
  /** Links the worker's log lines to the API's. */
  readonly requestId?: string | undefined;
  readonly locale?: string | undefined;
  /** Where the run continues the trace of its request; absent where no traces are made. */
  readonly trace?: TracePlace | undefined;
  /** Keys are lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The API has let everybody in as its operator, who may read the causes of failures. The API says it, because it knows who
   * asks; absent, they are for the log alone.
   */
  readonly showCauses?: true | undefined;
}

/** A run as all other processes than its own worker see it. */
export interface Run {
  readonly id: string;
  readonly tenantId: string;
  readonly ownerId: string;
  /** Empty for a completion. */
  readonly threadId: string;
  readonly state: RunState;
  readonly trigger: string;
  readonly triggerItemId: string | null;
  readonly assistantId: string;
  readonly attempt: number;
  readonly fence: number;
  readonly dispatch: number;
  readonly workerId: string | null;
  readonly errorCode: RunErrorCode | null;
  readonly errorDetail: string | null;
  /** The assistant's own text for the user about the failure. */
  readonly userError: ErrorEvent | null;
  /** What else of the answer the entry of the provider names. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

/** What a worker holds after a claim: the right to write this run until it is claimed with a higher fence. */
export interface Claim {
  readonly runId: string;
  readonly fence: number;
  readonly attempt: number;
  readonly tenantId: string;
  readonly ownerId: string;
  /** Empty for a completion. */
  readonly threadId: string;
  readonly trigger: Trigger;
  /** The user message, tool call, form or widget that the run is about; absent for an action of no widget. */
  readonly triggerItemId: string | undefined;
  /** Position of the run in its thread: `loadHistory` ends there. */
  readonly triggerPosition: number;
  /** An action is no turn: it may work beside the thread's turn. */
  readonly takesTurn: boolean;
  readonly assistantId: string;
  readonly request: RunRequest;
  readonly context: RunContext;
  readonly stopRequested: boolean;
  /** An earlier attempt has begun a tool, see `RunExecution.beginTool`. */
  readonly toolBegan: boolean;
  /** Whether another worker had it, and returned it because it was asked to stop. */
  readonly isHandedOver: boolean;
  /** By Postgres' clock. */
  readonly claimedAt: Date;
  /** From when the claimed job was added, in milliseconds. */
  readonly waitedMs: number;
  /** Since the run was claimed for the first time, in milliseconds; attempts of workers that died are in it. */
  readonly ranMs: number;
  /** Items of earlier attempts that the claim deleted; a reader may still show them. */
  readonly withdrawnItemIds: readonly string[];
  /** For `loadHistory`: the items up to a limit and one more, newest first, if the claim could return them. */
  readonly history?: { readonly limit: number; readonly rows: readonly HistoryRow[] } | undefined;
}

/** Tokens as the provider counted them; undefined where it reported none. */
export interface RunUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Other counts, and in `extra` what else of the answer the provider's entry names. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** How a run ends, and what is stored of it. */
export interface Outcome {
  readonly state: SettledState;
  readonly errorCode?: RunErrorCode;
  /** For the operator; never shown to a user in production. */
  readonly errorDetail?: string;
  /** The `error` event with the assistant's own text, exactly as it is shown. */
  readonly userError?: ErrorEvent;
  readonly provider?: string;
  readonly model?: string;
  readonly usage?: RunUsage;
  /** Millionths of the price table's currency; absent when no model had a price. */
  readonly costMicros?: number;
  /** The same for each model. */
  readonly modelUsage?: readonly ModelUsage[];
  readonly firstTokenAt?: Date;
  /** What the attempt did, for administrators. */
  readonly steps?: RunSteps;
}
