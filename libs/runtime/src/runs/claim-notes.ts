/** Why an attempt ended whose worker was asked to stop. */
export const HANDED_OVER = 'handed_over';

/**
 * `claims`, with the reason on the newest one, as SQL: why an attempt ended that did not end its run: `handed_over`, `released` by an
 * administrator, or `lease_over` of a worker that was not heard any more. Runs of versions that did not note their claims have none.
 */
export const attemptEnded = (why: string): string =>
  `CASE WHEN jsonb_array_length(runs.claims) > 0
   THEN jsonb_set(runs.claims, '{-1}', (runs.claims -> -1) || jsonb_build_object('ended', ${why})) ELSE runs.claims END`;
