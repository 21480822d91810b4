import type { ModelAttempt } from '#providers';
import { usageByModel } from '../accounting/model-usage.js';
import type { RunTurnDeps, Turn } from '../turn/turn-attempt.js';

/**
 * What a turn's model calls came to was paid for, whatever became of the run: where settling has not booked it, it is booked
 * apart, and so is every call that ends later, as a title's may. Best effort: what cannot be booked is in the log.
 */
export async function keepAccount(
  deps: RunTurnDeps,
  turn: Pick<Turn, 'meter' | 'run' | 'logger'>,
  isBooked: boolean,
): Promise<void> {
  const { meter, run, logger } = turn;
  const { byModel } = meter.close();
  const lost = (usage: unknown) => (error: Error) => logger.error({ err: error, usage }, 'cannot book model usage');
  if (!isBooked) await deps.usage.book(run.claim, byModel).catch(lost(byModel));
  meter.followLate((attempt: ModelAttempt) => {
    const usage = usageByModel([attempt]);
    deps.usage.add(run.claim, usage).catch(lost(usage));
  });
}
