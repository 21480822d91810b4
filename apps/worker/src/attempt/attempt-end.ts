import type { Outcome } from '#runtime/worker';

/** How an attempt left its run: settled with this outcome, or unsettled, because the run went on without this worker. */
export type AttemptEnd = Outcome | 'handed_over' | 'lost';
