import { LOG_ABANDONED_MS } from '../platform/tunables.js';

/**
 * The condition for a row of `runs` whose copies may be in the run log, and to which no worker adds any: it has ended, or waits
 * for another attempt. Most logs are stored for a minute, but one whose worker could not write its last entry for a day.
 */
export const IS_LOGGED = `(runs.state <> 'working'
  AND coalesce(runs.settled_at, now()) > now() - interval '${LOG_ABANDONED_MS} ms')`;
