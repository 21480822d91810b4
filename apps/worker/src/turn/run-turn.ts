import { newId } from '#chatkit';
import { type Claim, loadHistory } from '#runtime';
import { Answer } from './answer.js';
import { assertAnswered } from './assert-answered.js';
import { buildPrompt, HISTORY_ITEMS } from './build-prompt.js';
import { finishTurn } from './finish-turn.js';
import type { RunTurnDeps, Turn } from './turn.js';
import { withdrawEarlierAttempts } from './withdraw.js';

/** The story of a turn: claim, prompt, stream, publish, settle. A job that finds nothing to claim is done. */
export async function runTurn(deps: RunTurnDeps, job: { runId: string; fence: number }): Promise<void> {
  const claim = await deps.lifecycle.claim(job, deps.workerId);
  if (!claim) return;
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
  return {
    run,
    writer,
    answer: new Answer(writer, newId('message'), threadId, new Date()),
    logger: deps.logger.child({ requestId: context.requestId, runId, threadId, attempt }),
  };
}

async function answer(deps: RunTurnDeps, turn: Turn): Promise<void> {
  const { claim, signal } = turn.run;
  const [items] = await Promise.all([loadHistory(deps.db.pool, claim, HISTORY_ITEMS), prepareReaders(deps, turn)]);
  const model = deps.registry.resolve(claim.request.model);
  turn.model = model.ref;
  signal.throwIfAborted();
  for await (const part of model.stream({ prompt: buildPrompt(items) }, signal)) turn.answer.accept(part);
  assertAnswered(turn.answer, model.ref);
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
