/** Why an attempt ended that did not end its run: a planned hand-over, an administrator, or a worker that was not heard any more. */
export type AttemptEndNote = 'handed_over' | 'released' | 'lease_over';

/** `claims`, with the reason on the newest one. Runs of versions that did not note their claims have none. */
export const attemptEnded = (why: string): string =>
  `CASE WHEN jsonb_array_length(runs.claims) > 0
   THEN jsonb_set(runs.claims, '{-1}', (runs.claims -> -1) || jsonb_build_object('ended', ${why})) ELSE runs.claims END`;
