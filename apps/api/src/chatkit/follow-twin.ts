import type { IdempotentReplay } from '#runtime';
import { joinReaders } from '../streams/join-readers.js';
import type { Caller } from './caller.js';
import { openingOfTwin } from './preamble.js';
import type { SseResponse } from '../streams/sse-response.js';
import type { TurnDeps } from './turn-deps.js';
import { readerOf, streamRun } from './stream-run.js';

/**
 * A request that has been made before, by its key: the stream of the run that is there, from its beginning. It goes on
 * with the run, from the log; a run that is over is told from the log, or from Postgres when that is gone.
 */
export async function followTwin(
  deps: TurnDeps,
  caller: Caller,
  twin: IdempotentReplay,
  response: SseResponse,
): Promise<void> {
  const { runId, threadId, isOver } = twin;
  const opening = await openingOfTwin(deps.store, caller.auth, twin);
  const reader = readerOf(deps, caller, { runId, response, isRepeated: true });
  await joinReaders(reader.follower, runId, deps.logger);
  const run = { runId, threadId, opening, from: { fromLog: true, isOver } };
  await streamRun(deps, caller, run, reader, response, () => void deps.lifecycle.announceReader(runId));
}
