import { encodeEvent, visibleEvent } from '#chatkit';
import { type Ending, endingOf } from './ending.js';
import type { RunTurnDeps, Turn } from './turn.js';

/** How long the last entry may take to reach the log; after that its readers are served from Postgres. */
const END_WAIT_MS = 5_000;
/** Waits between the tries to reach Postgres with an answer that is complete, in milliseconds. */
const SETTLE_RETRIES_MS = [200, 1_000, 3_000, 5_000, 10_000];

/** Ends an attempt: Postgres first, then the last entry, then the thread's next turn. */
export async function finishTurn(
  deps: RunTurnDeps,
  turn: Turn,
  failure: { readonly error: unknown } | undefined,
): Promise<void> {
  const ending = endingOf(turn, failure, deps.showCauses);
  switch (ending.kind) {
    case 'write_nothing':
      turn.logger.warn('the run belongs to another worker now');
      return;
    case 'hand_over':
      await deps.lifecycle.handOver(turn.run.claim);
      turn.logger.info('run handed over');
      return;
    case 'settle':
      await settleTurn(deps, turn, ending);
  }
}

async function settleTurn(deps: RunTurnDeps, turn: Turn, ending: Extract<Ending, { kind: 'settle' }>): Promise<void> {
  const { claim } = turn.run;
  if (!(await settleWithRetries(deps, turn, ending))) {
    turn.logger.warn('the run had moved on before it could be settled');
    return;
  }
  logOutcome(turn, ending);
  for (const event of ending.events) writeLast(turn, event);
  await turn.writer.end(END_WAIT_MS);
  await Promise.allSettled([deps.lifecycle.releaseNext(claim.threadId), deps.engine.log.settle(claim.runId)]);
}

/**
 * The answer is complete and paid for: an outage of Postgres is waited out before it is given up. A try that failed may
 * have arrived all the same, and only its reply been lost.
 */
async function settleWithRetries(
  { lifecycle }: RunTurnDeps,
  { run, logger }: Turn,
  { outcome, items }: Extract<Ending, { kind: 'settle' }>,
): Promise<boolean> {
  const settle = () => lifecycle.settle(run.claim, outcome, items);
  const settleAgain = async () => (await settle()) || lifecycle.wasSettledAs(run.claim, outcome.state);
  let attempt = settle;
  for (const wait of SETTLE_RETRIES_MS) {
    try {
      return await attempt();
    } catch (error) {
      logger.error({ err: error }, 'cannot settle the run yet');
      await new Promise((resolve) => setTimeout(resolve, wait));
      attempt = settleAgain;
    }
  }
  return settleAgain();
}

function writeLast({ writer }: Turn, event: Parameters<typeof encodeEvent>[0]): void {
  const visible = visibleEvent(event);
  if (!visible) return;
  writer.writeLast(encodeEvent(visible));
  if (visible.type === 'thread.item.done') writer.itemClosed(visible.item.id);
  if (visible.type === 'thread.item.removed') writer.itemClosed(visible.item_id);
}

function logOutcome({ logger, model }: Turn, { outcome }: Extract<Ending, { kind: 'settle' }>): void {
  const facts = { state: outcome.state, ...model, usage: outcome.usage };
  if (outcome.state !== 'failed') logger.info(facts, 'run settled');
  else logger.error({ ...facts, code: outcome.errorCode, detail: outcome.errorDetail }, 'run failed');
}
