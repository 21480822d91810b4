import type { ThreadItem } from '#chatkit';
import type { RunExecution } from '#runtime/worker';
import type { ActiveRun } from '../attempt/active-runs.js';
import { retryWhileUnavailable } from '../attempt/retry-while-unavailable.js';

/** Where finished and withdrawn items are stored; each method rejects when the run is not ours any more. */
export interface ItemStore {
  store(item: ThreadItem): Promise<void>;
  remove(itemIds: readonly string[]): Promise<void>;
}

/** Stores a run's items under its fence. A run that is lost ends its work here. */
export function runItemStore(execution: Pick<RunExecution, 'storeItem' | 'removeItems'>, run: ActiveRun): ItemStore {
  const write = async (work: () => Promise<boolean>): Promise<void> => {
    if (await retryWhileUnavailable(work, { signal: run.signal })) return;
    run.stop('lease_lost');
    throw new Error('the run belongs to another worker now');
  };
  return {
    store: (item) => write(() => execution.storeItem(run.claim, item)),
    remove: async (ids) => {
      if (ids.length > 0) await write(() => execution.removeItems(run.claim, ids));
    },
  };
}
