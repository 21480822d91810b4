/**
 * What API and worker must agree on and nobody should tune. Times in milliseconds.
 * The order matters: beat < lease < give-up times; a sweeper that has just reconnected waits one lease.
 */
export const LEASE_MS = 8_000;
export const BEAT_MS = 2_000;
export const SWEEP_MS = 2_000;
/** Tries at one run, the first included; planned hand-overs do not count. */
export const MAX_ATTEMPTS = 3;
/** A job that nobody claimed for this long is looked for in the queue, and added again when it is gone. */
export const DISPATCH_GRACE_MS = 10_000;
/** How long admission waits for a stopped run of the same thread to store what it had [CX-8]. */
export const STOP_SETTLE_WAIT_MS = 2_000;

/** How long a process that was refused by the limit of the whole server refuses by itself, without counting again. */
export const FULL_FOR_MS = 200;
/** How long a key of a request stands for its run. */
export const IDEMPOTENCY_KEPT_MS = 24 * 3_600_000;
/** An upload that no message has used for this long is deleted. */
export const UPLOAD_KEPT_MS = 24 * 3_600_000;

/** Bytes of finished frames that one run may put into its log under one fence. */
export const LOG_CEILING_BYTES = 16 * 1024 * 1024;
/** How long the log of a settled run is kept. */
export const LOG_KEPT_MS = 3_600_000;
/** How long the log of a run that never settles is kept. */
export const LOG_ABANDONED_MS = 24 * 3_600_000;
/** An API instance that no longer renews its place among a run's readers leaves after this long. */
export const READER_TTL_MS = 60_000;
export const READER_RENEW_MS = 20_000;
/** A request waits no longer for its place among a run's readers: an engine that says nothing must not hold it up. */
export const JOIN_WITHIN_MS = 1_000;
/** A reader that heard nothing for this long reads the log, then the run's row. */
export const SILENCE_MS = 3_000;
