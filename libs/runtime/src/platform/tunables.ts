/**
 * Values that API and worker must agree on and that are not configurable. Times in milliseconds.
 * The order matters: beat < lease < give-up times; a sweeper that has just reconnected waits one lease.
 */
export const LEASE_MS = 8_000;
export const BEAT_MS = 2_000;
export const SWEEP_MS = 2_000;
/** Attempts at one run, including the first; planned hand-overs do not count. */
export const MAX_ATTEMPTS = 3;
/** A job that was not claimed for this long is looked up in the queue, and added again when it is gone. */
export const DISPATCH_GRACE_MS = 10_000;
/** How long admission waits for a stopped run of the same thread to store its partial output [CX-8]. */
export const STOP_SETTLE_WAIT_MS = 2_000;

/** How long a process that was refused by the limit of the whole server refuses on its own, without counting again. */
export const FULL_FOR_MS = 200;
/** How long an idempotency key stands for its run. */
export const IDEMPOTENCY_KEPT_MS = 24 * 3_600_000;
/** An upload that no message has used for this long is deleted. */
export const UPLOAD_KEPT_MS = 24 * 3_600_000;

/** Bytes of finished frames that one run may put into its log under one fence. */
export const LOG_CEILING_BYTES = 16 * 1024 * 1024;
/** How long the log of a settled turn is stored: readers who come later are served from Postgres. */
export const LOG_KEPT_MS = 60_000;
/** The same for a turn that has withdrawn something: only the log knows what a reader who reconnects must remove. */
export const WITHDRAWALS_KEPT_MS = 3_600_000;
/** The same for a completion, whose answer is nowhere else, unless its caller has all of it: then it is deleted at once. */
export const COMPLETION_KEPT_MS = 600_000;
/** How long the log of a run that never settles is stored. */
export const LOG_ABANDONED_MS = 24 * 3_600_000;
/** An API instance that does not renew its membership in a run's readers is removed after this long. */
export const READER_TTL_MS = 60_000;
export const READER_RENEW_MS = 20_000;
/** How long a request waits to join a run's readers: an engine that does not reply must not delay it. */
export const JOIN_WITHIN_MS = 1_000;
/** A reader that received nothing for this long reads the log, then the run's row. */
export const SILENCE_MS = 3_000;
