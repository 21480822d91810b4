import type { Claim } from '#runtime';
import { logAttempt } from '../accounting/log-model-attempt.js';
import { HISTORY_ITEMS } from '../assistants/assistant.js';
import { callerOf } from '../attempt/caller-of.js';
import { TurnMeter } from '../attempt/usage-meter.js';
import { TurnEnd } from '../context/turn-end.js';
import { runGateway } from '../gateway/run-completion.js';
import { finishTurn } from './end-turn.js';
import { itemKeeper } from '../output/item-store.js';
import { prepareTurn } from './prepare-turn.js';
import { respond } from './respond.js';
import { startTitle } from './thread-title.js';
import type { RunTurnDeps, Turn } from './turn-attempt.js';
import { ToolInterruptedError } from './tool-interrupted-error.js';
import { TurnOutput } from '../output/turn-output.js';
import { unlessAborted } from '../attempt/unless-aborted.js';
import { withdrawEarlierAttempts } from './withdraw-earlier-attempts.js';

/** How long an answer that was stopped may take to come to its own end; tools need not hear the signal [CX-8]. */
const LEAVE_AFTER_MS = 500;

/** The story of a turn: claim, context, answer, publish, settle. A job that finds nothing to claim is done. */
export async function runTurn(worker: RunTurnDeps, job: { runId: string; fence: number }): Promise<void> {
  const claim = await worker.lifecycle.claim(job, worker.workerId, HISTORY_ITEMS);
  if (!claim) return;
  if (claim.trigger === 'gateway.chat') return runGateway(worker, claim);
  const deps = { ...worker, registry: worker.hooks.over(worker.registry, callerOf(claim)) };
  const turn = beginTurn(deps, claim);
  try {
    const failure = await answer(deps, turn).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    await finishTurn(deps, turn, failure);
  } finally {
    deps.publisher.close(turn.writer);
    deps.active.end(turn.run);
  }
}

function beginTurn(deps: RunTurnDeps, claim: Claim): Turn {
  const run = deps.active.begin(claim);
  const { runId, fence, threadId, attempt, context } = claim;
  const writer = deps.publisher.open({ runId, fence, onLost: () => run.stop('lease_lost') });
  const logger = deps.logger.child({ requestId: context.requestId, runId, threadId, attempt });
  return {
    run,
    writer,
    output: new TurnOutput(writer, itemKeeper(deps.lifecycle, run), run.signal, threadId),
    meter: new TurnMeter((call) => logAttempt(logger, call)),
    end: new TurnEnd(),
    logger,
  };
}

async function answer(deps: RunTurnDeps, turn: Turn): Promise<void> {
  const { claim, signal } = turn.run;
  const assistant = deps.assistants.get(claim.assistantId);
  turn.assistant = assistant;
  const [ground] = await Promise.all([prepareTurn(deps, turn, assistant), prepareReaders(deps, turn)]);
  signal.throwIfAborted();
  if (claim.toolBegan) throw new ToolInterruptedError();
  turn.title = startTitle(deps, turn, assistant, ground.items);
  await unlessAborted(signal, respond(deps, turn, assistant, ground), LEAVE_AFTER_MS);
}

async function prepareReaders(deps: RunTurnDeps, { run, writer, logger }: Turn): Promise<void> {
  try {
    await Promise.all([
      deps.publisher.refreshReaders([run.claim.runId]),
      withdrawEarlierAttempts(deps.engine, run.claim, writer),
    ]);
  } catch (error) {
    // Without the log nobody can be shown the answer now; it still reaches Postgres, and readers find it there.
    logger.warn({ err: error }, 'the run log is out of reach');
  }
}
