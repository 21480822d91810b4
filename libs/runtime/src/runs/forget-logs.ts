import type { RunLog } from '../events/run-log.js';
import type { LeftOfThread } from '../threads/delete-thread.js';

/** A run that is stopped, or whose thread is gone, writes nothing more after this long, and its readers have its end. */
const OVER_WITHIN_MS = 10_000;

/** Deletes the copies of deleted answers in the run log. What cannot be deleted now expires by itself. */
export async function forgetLogs(
  log: Pick<RunLog, 'delete'>,
  { working, logged }: LeftOfThread,
  onError: (error: unknown) => void,
): Promise<void> {
  const forget = async (runIds: readonly string[]): Promise<void> => {
    if (runIds.length > 0) await log.delete(runIds).catch(onError);
  };
  await forget(logged);
  if (working.length === 0) return;
  const later = working.map(({ runId }) => runId);
  setTimeout(() => void forget(later), OVER_WITHIN_MS).unref();
}
