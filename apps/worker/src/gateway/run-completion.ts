import { CANCELLED, type Claim, encodeGatewayError, type Outcome } from '#runtime';
import { logAttempt } from '../accounting/log-model-attempt.js';
import { TurnMeter } from '../attempt/usage-meter.js';
import { measured } from '../turn/ending.js';
import { END_WAIT_MS, logOutcome, settleWithRetries } from '../turn/end-turn.js';
import { keepAccount } from '../attempt/book-usage.js';
import { stopReasonOf } from '../attempt/stop-reason.js';
import type { RunTurnDeps, Turn } from '../turn/turn-attempt.js';
import { unlessAborted } from '../attempt/unless-aborted.js';
import { answerCompletion } from './answer-completion.js';
import { AnswerInterruptedError } from './completion-errors.js';
import { failureOf } from './completion-failure.js';

/** How long a call that was stopped may take to come to its own end; hooks need not hear the signal. */
const LEAVE_AFTER_MS = 500;

/** One attempt at a call of the gateway, while it is being made: a turn without a thread. */
export type GatewayTurn = Pick<Turn, 'run' | 'writer' | 'meter' | 'logger'>;

/** The frames that end a call, and how it is kept. */
interface GatewayEnding {
  readonly outcome: Outcome;
  readonly last: string;
}

/** The story of a claimed call of the gateway: answer, publish, settle. */
export async function runGateway(deps: RunTurnDeps, claim: Claim): Promise<void> {
  const run = deps.active.begin(claim);
  const { runId, fence, attempt, context } = claim;
  const logger = deps.logger.child({ requestId: context.requestId, runId, attempt });
  const turn: GatewayTurn = {
    run,
    writer: deps.publisher.open({ runId, fence, onLost: () => run.stop('lease_lost') }),
    meter: new TurnMeter((call) => logAttempt(logger, call)),
    logger,
  };
  let isSettled = false;
  try {
    const ending = await answer(deps, turn).catch((error: unknown) => endingOf(deps, turn, error));
    if (ending) isSettled = await settle(deps, turn, ending);
  } finally {
    await keepAccount(deps, turn, isSettled);
    deps.publisher.close(turn.writer);
    deps.active.end(run);
  }
}

async function answer(deps: RunTurnDeps, turn: GatewayTurn): Promise<GatewayEnding> {
  const { claim, signal } = turn.run;
  const wasShown = await prepareReaders(deps, turn);
  signal.throwIfAborted();
  if (wasShown) throw new AnswerInterruptedError();
  const last = await unlessAborted(signal, answerCompletion(deps, turn, claim), LEAVE_AFTER_MS);
  return { outcome: { state: 'completed' }, last };
}

/** Finds out who follows the run. True when an earlier attempt has shown a part of its answer. */
async function prepareReaders(deps: RunTurnDeps, { run, logger }: GatewayTurn): Promise<boolean> {
  const { runId, fence } = run.claim;
  try {
    const earlier = fence > 1 ? deps.engine.log.readAfter(runId) : [];
    const [entries] = await Promise.all([earlier, deps.publisher.refreshReaders([runId])]);
    return entries.some(({ frames }) => frames.length > 0);
  } catch (error) {
    // Whoever follows the run looks at the fence as well, and shows no second answer behind a part of the first.
    logger.warn({ err: error }, 'the run log is out of reach');
    return false;
  }
}

/** How a call ends that did not come to its own end; undefined when somebody else ends it. */
async function endingOf(deps: RunTurnDeps, turn: GatewayTurn, error: unknown): Promise<GatewayEnding | undefined> {
  switch (stopReasonOf(turn.run.signal)) {
    case 'lease_lost':
      turn.logger.warn('the run belongs to another worker now');
      return undefined;
    case 'shutdown':
      await deps.lifecycle.handOver(turn.run.claim);
      turn.logger.info('run handed over');
      return undefined;
    case 'cancelled':
      return { outcome: { state: 'cancelled' }, last: encodeGatewayError(CANCELLED) };
    case undefined: {
      const { outcome, told } = failureOf(error, deps.showCauses);
      return { outcome, last: encodeGatewayError(told) };
    }
  }
}

/** False: the run had moved on. */
async function settle(deps: RunTurnDeps, turn: GatewayTurn, { outcome: how, last }: GatewayEnding): Promise<boolean> {
  const { claim } = turn.run;
  const outcome = { ...measured(turn), ...how };
  if (!(await settleWithRetries(deps, turn, { outcome, items: [] }))) {
    turn.logger.warn('the run had moved on before it could be settled');
    return false;
  }
  logOutcome(turn, { outcome });
  turn.writer.writeLast(last);
  const released = deps.lifecycle
    .releaseNext(claim)
    .catch((error: Error) => turn.logger.warn({ err: error }, 'the next run waits for the sweeper'));
  await turn.writer.end(END_WAIT_MS);
  await released;
  return true;
}
