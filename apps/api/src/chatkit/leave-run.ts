import type { RunFollower } from '#runtime';
import type { Caller } from './caller.js';
import { onDisconnect } from '../streams/disconnect-policy.js';
import type { TurnDeps } from './turn-deps.js';

/** A reader's socket has closed before its stream had ended. What that means is `onDisconnect`'s to say. */
export function leaveRun(
  deps: TurnDeps,
  { runId, threadId }: { readonly runId: string; readonly threadId: string },
  follower: RunFollower,
  { isShim: announcedShim }: Pick<Caller, 'isShim'>,
): void {
  const isLastHere = follower.stop();
  const fact = { announcedShim, serverStops: deps.streams.stopping };
  // Only who may be the last one has to know what the others do.
  if (onDisconnect({ ...fact, wasLastReader: isLastHere }) === 'detach') return;
  const asked = stopUnlessFollowed(deps, runId, fact);
  deps.stops.add(threadId, asked);
  asked.catch((error: Error) => deps.logger.error({ err: error, runId }, 'cannot ask for a stop'));
}

async function stopUnlessFollowed(
  { follow, lifecycle, logger }: TurnDeps,
  runId: string,
  fact: { readonly announcedShim: boolean; readonly serverStops: boolean },
): Promise<void> {
  const wasLastReader = !(await follow.copies.isFollowedElsewhere(runId).catch(() => false));
  if (onDisconnect({ ...fact, wasLastReader }) === 'detach') return;
  const { met } = await lifecycle.requestStop(runId);
  logger.info({ runId, met }, 'the reader left: stop asked for');
}
