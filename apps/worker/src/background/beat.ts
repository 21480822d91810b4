import { BEAT_MS, type Logger, type RunExecution, type RunPublisher } from '#runtime';
import type { ActiveRuns } from '../attempt/active-runs.js';

export interface BeatDeps {
  readonly active: ActiveRuns;
  readonly lifecycle: Pick<RunExecution, 'renewLeases'>;
  readonly publisher: Pick<RunPublisher, 'refreshReaders'>;
  readonly logger: Logger;
}

/**
 * Every 2 s, in one statement for all runs: renews the leases and brings back who asked for a stop. A run that does
 * not come back belongs to somebody else now. Asks the bus, too, who follows.
 */
async function beat({ active, lifecycle, publisher, logger }: BeatDeps): Promise<void> {
  const held = active.all();
  if (held.length === 0) return;
  const renewed = await lifecycle.renewLeases(held.map((run) => run.claim));
  const stops = new Map(renewed.map((run) => [run.runId, run.stopRequested]));
  for (const run of held) {
    const stopRequested = stops.get(run.claim.runId);
    if (stopRequested === undefined) run.stop('lease_lost');
    else if (stopRequested) run.stop('cancelled');
  }
  await publisher.refreshReaders().catch((error: Error) => logger.warn({ err: error }, 'cannot ask who follows'));
}

/** Starts beating; the returned function stops it. A beat that fails is made up for by the next one. */
export function startBeat(deps: BeatDeps): () => void {
  let beating = false;
  const timer = setInterval(() => {
    if (beating) return;
    beating = true;
    beat(deps)
      .catch((error: Error) => deps.logger.error({ err: error }, 'cannot renew the leases'))
      .finally(() => (beating = false));
  }, BEAT_MS);
  return () => clearInterval(timer);
}
