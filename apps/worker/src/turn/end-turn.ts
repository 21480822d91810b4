import { encodeEvent, type ThreadItem, visibleEvent } from '#chatkit';
import { operatorHint } from '#runtime';
import { cancelled, completed, type Ending, failed, partialAnswers } from './ending.js';
import { GuardrailTrippedError } from './guardrails.js';
import { baseContext } from './prepare-turn.js';
import { keepAccount } from '../attempt/book-usage.js';
import { stopReasonOf } from '../attempt/stop-reason.js';
import { keepTitle, showTitle } from './thread-title.js';
import type { RunTurnDeps, Turn } from './turn-attempt.js';
import { unlessAborted } from '../attempt/unless-aborted.js';
import { whileStoreIsAway } from '../attempt/retry-while-unavailable.js';

/** How long the last entry may take to reach the log; after that its readers are served from Postgres. */
export const END_WAIT_MS = 5_000;
/** How long an assistant may take to say what is kept of a stopped turn. */
const CANCEL_HOOK_MS = 2_000;

/** Ends an attempt: Postgres first, then the thread's next turn, then the last entry. */
export async function finishTurn(
  deps: RunTurnDeps,
  turn: Turn,
  failure: { readonly error: unknown } | undefined,
): Promise<void> {
  let isSettled = false;
  try {
    isSettled = await end(deps, turn, failure);
  } finally {
    await keepAccount(deps, turn, isSettled);
  }
}

/** False: the run goes on without us, or is no more. */
async function end(deps: RunTurnDeps, turn: Turn, failure: { readonly error: unknown } | undefined): Promise<boolean> {
  const held = await turn.output.finish();
  if (!failure) return settleTurn(deps, turn, completed(turn, held));
  switch (stopReasonOf(turn.run.signal)) {
    case 'lease_lost':
      turn.logger.warn('the run belongs to another worker now');
      return false;
    case 'shutdown':
      await deps.lifecycle.handOver(turn.run.claim);
      turn.logger.info('run handed over');
      return false;
    case 'cancelled':
      return settleTurn(deps, turn, cancelled(turn, await keptOf(deps, turn), held));
    case undefined:
      if (!(failure.error instanceof GuardrailTrippedError)) {
        return settleTurn(deps, turn, failed(turn, failure.error, deps.showCauses, held));
      }
      await turn.output.withdraw();
      return settleTurn(deps, turn, failed(turn, failure.error, deps.showCauses, undefined));
  }
}

/** What is kept of a stopped turn: the assistant may decide, and a decision that fails is ours. */
async function keptOf(deps: RunTurnDeps, turn: Turn): Promise<readonly ThreadItem[]> {
  const { assistant, output, logger } = turn;
  const unfinished = output.open.unfinished();
  const decide = assistant?.definition.onCancelled;
  if (!decide) return partialAnswers(unfinished);
  try {
    const inTime = AbortSignal.timeout(CANCEL_HOOK_MS);
    return await unlessAborted(inTime, decide(baseContext(deps, turn, assistant, inTime), unfinished));
  } catch (error) {
    logger.error({ err: error }, 'onCancelled failed: the partial answer is kept');
    return partialAnswers(unfinished);
  }
}

/** False: the run had moved on. */
async function settleTurn(deps: RunTurnDeps, turn: Turn, ending: Ending): Promise<boolean> {
  const { claim } = turn.run;
  if (!(await settleWithRetries(deps, turn, ending))) {
    turn.logger.warn('the run had moved on before it could be settled');
    return false;
  }
  logOutcome(turn, ending);
  for (const event of ending.events) writeLast(turn, event);
  const released = deps.lifecycle
    .releaseNext(claim)
    .catch((error: Error) => turn.logger.warn({ err: error }, 'the next turn waits for the sweeper'));
  // Whoever stopped the answer has left; the thread keeps its title all the same.
  if (ending.outcome.state === 'cancelled') void keepTitle(deps, turn);
  else await showTitle(deps, turn);
  await turn.writer.end(END_WAIT_MS);
  await released;
  return true;
}

/**
 * The answer is complete and paid for: an outage of Postgres is waited out. A try that failed may have arrived all the
 * same, and only its reply been lost.
 */
export async function settleWithRetries(
  { lifecycle }: RunTurnDeps,
  { run, logger }: Pick<Turn, 'run' | 'logger'>,
  { outcome, items }: Pick<Ending, 'outcome' | 'items'>,
): Promise<boolean> {
  let wasTried = false;
  const settle = async (): Promise<boolean> => {
    const isAgain = wasTried;
    wasTried = true;
    if (await lifecycle.settle(run.claim, outcome, items)) return true;
    return isAgain && lifecycle.wasSettledAs(run.claim, outcome.state);
  };
  return whileStoreIsAway(settle, {
    onAway: (error) => logger.error({ err: error }, 'cannot settle the run yet'),
  });
}

function writeLast({ writer }: Turn, event: Parameters<typeof encodeEvent>[0]): void {
  const visible = visibleEvent(event);
  if (!visible) return;
  writer.writeLast(encodeEvent(visible));
  if (visible.type === 'thread.item.done') writer.itemClosed(visible.item.id);
  if (visible.type === 'thread.item.removed') writer.itemClosed(visible.item_id);
}

export function logOutcome({ logger }: Pick<Turn, 'logger'>, { outcome }: Pick<Ending, 'outcome'>): void {
  const { state, provider, model, usage, costMicros } = outcome;
  const facts = { state, provider, model, usage, costMicros };
  if (outcome.state !== 'failed') return logger.info(facts, 'run settled');
  const { errorCode: code = 'run.internal', errorDetail: detail } = outcome;
  logger.error({ ...facts, code, detail, hint: operatorHint(code) }, 'run failed');
}
