import { answerWithin, JOIN_WITHIN_MS, type Logger, type RunFollower } from '#runtime';

/**
 * Joins the readers of a run. An engine that is away, or says nothing, holds nobody up: the run is told of in Postgres and
 * in the log, and a follower that nobody copies to reads them every 3 s. Never rejects.
 */
export async function joinReaders(follower: RunFollower, runId: string, logger: Pick<Logger, 'warn'>): Promise<void> {
  await answerWithin(JOIN_WITHIN_MS, 'The event engine', follower.join()).catch((error: Error) => {
    logger.warn({ err: error, runId }, 'cannot join the readers of a run');
  });
}
