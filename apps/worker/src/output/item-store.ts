import type { ThreadItem } from '#chatkit';
import { StoredTooLargeError } from '#runtime';
import type { RunExecution } from '#runtime/worker';
import type { ActiveRun } from '../attempt/active-runs.js';
import { retryWhileUnavailable } from '../attempt/retry-while-unavailable.js';
import type { ItemTimes } from './item-times.js';
import { TooLargeToStoreFailure } from './turn-bounds.js';

/** Where finished and withdrawn items are stored; each method rejects when the run is not ours any more. */
export interface ItemStore {
  /** Returns the item as it is stored, see `RunExecution.storeItem`. */
  store(item: ThreadItem): Promise<ThreadItem>;
  remove(itemIds: readonly string[]): Promise<void>;
}

/** Stores a run's items under its fence. A run that is lost ends its work here. */
export function runItemStore(
  execution: Pick<RunExecution, 'storeItem' | 'removeItems'>,
  run: ActiveRun,
  { isChosen }: Pick<ItemTimes, 'isChosen'>,
): ItemStore {
  const write = async <Written>(work: () => Promise<Written | undefined | false>): Promise<Written> => {
    const written = await retryWhileUnavailable(work, { signal: run.signal }).catch((error: unknown) => {
      throw error instanceof StoredTooLargeError ? new TooLargeToStoreFailure(error) : error;
    });
    if (written) return written;
    run.stop('lease_lost');
    throw new Error('the run belongs to another worker now');
  };
  return {
    store: (item) => write(() => execution.storeItem(run.claim, item, { isChosen: isChosen(item) })),
    remove: async (ids) => {
      if (ids.length > 0) await write(() => execution.removeItems(run.claim, ids));
    },
  };
}
