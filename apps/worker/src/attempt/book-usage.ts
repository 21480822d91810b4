import type { UsageStore } from '#runtime';
import { usageByModel } from '../accounting/model-usage.js';
import type { RunAttempt } from './run-attempt.js';

/**
 * What an attempt's model calls cost was paid for, whatever became of the run: where settling has not booked it, it is
 * booked apart, and so is every model call that ends later, as a title's may. Best effort: what cannot be booked is in the
 * log.
 */
export async function bookUsage(
  store: Pick<UsageStore, 'book' | 'add'>,
  { meter, run, logger }: Pick<RunAttempt, 'meter' | 'run' | 'logger'>,
  isBooked: boolean,
): Promise<void> {
  const { byModel } = meter.close();
  const lost = (usage: unknown) => (error: Error) => logger.error({ err: error, usage }, 'cannot book model usage');
  if (!isBooked) await store.book(run.claim, byModel).catch(lost(byModel));
  meter.followLate((attempt) => {
    const usage = usageByModel([attempt]);
    store.add(run.claim, usage).catch(lost(usage));
  });
}
