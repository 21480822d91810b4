import type { RunErrorCode } from './run-error.js';

/** `settled` is the word for the last three. */
export type RunState = 'queued' | 'working' | 'completed' | 'failed' | 'cancelled';
export type SettledState = Exclude<RunState, 'queued' | 'working'>;

export function isSettled(state: RunState): state is SettledState {
  return state !== 'queued' && state !== 'working';
}

/** What the request asked of the model; ids and names only, the message itself is an item. */
export interface RunRequest {
  readonly model?: string;
  readonly toolChoice?: string;
}

/** The allow-listed part of the request that assistants may see; erased when the run settles. */
export interface RunContext {
  /** Ties the worker's log lines to the API's. */
  readonly requestId?: string | undefined;
  readonly locale?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A run as everybody but its own worker sees it. */
export interface Run {
  readonly id: string;
  readonly tenantId: string;
  readonly ownerId: string;
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
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

/** What a worker holds after a claim: the right to write this run until somebody claims it with a higher fence. */
export interface Claim {
  readonly runId: string;
  readonly fence: number;
  readonly attempt: number;
  readonly tenantId: string;
  readonly ownerId: string;
  readonly threadId: string;
  readonly trigger: string;
  readonly triggerItemId: string;
  readonly triggerPosition: number;
  readonly assistantId: string;
  readonly request: RunRequest;
  readonly context: RunContext;
  readonly stopRequested: boolean;
  /** Items of earlier attempts that the claim deleted; a reader may still show them. */
  readonly withdrawnItemIds: readonly string[];
}

/** Tokens as the provider counted them; undefined where it did not say. */
export interface RunUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly details?: Readonly<Record<string, number>>;
}

/** How a run ends, and what is kept of it. */
export interface Outcome {
  readonly state: SettledState;
  readonly errorCode?: RunErrorCode;
  /** For the operator; never shown to a user in production. */
  readonly errorDetail?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly usage?: RunUsage;
  readonly firstTokenAt?: Date;
}
