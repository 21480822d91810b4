import type { RunExecution } from '#runtime';
import type { ActiveRun } from '../attempt/active-runs.js';
import { whileStoreIsAway } from '../attempt/retry-while-unavailable.js';
import type { ItemKeeper } from './turn-output.js';

/** Keeps a run's items while the run is ours; when it is not, the work ends here. */
export function itemKeeper(lifecycle: Pick<RunExecution, 'storeItem' | 'removeItems'>, run: ActiveRun): ItemKeeper {
  const unlessLost = (isOurs: boolean): void => {
    if (isOurs) return;
    run.stop('lease_lost');
    throw new Error('the run belongs to another worker now');
  };
  const patiently = (write: () => Promise<boolean>) => whileStoreIsAway(write, { signal: run.signal });
  return {
    store: async (item) => unlessLost(await patiently(() => lifecycle.storeItem(run.claim, item))),
    remove: async (ids) => {
      if (ids.length > 0) unlessLost(await patiently(() => lifecycle.removeItems(run.claim, ids)));
    },
  };
}
