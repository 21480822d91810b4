import { operatorHint } from '#runtime';
import type { Outcome, RunExecution, StoredTimes } from '#runtime/worker';
import { measured } from './measured.js';
import { retryWhileUnavailable } from './retry-while-unavailable.js';
import { bugStack } from './run-error-of.js';
import { RunDeadlineError } from './run-deadline-error.js';
import type { AttemptEnd } from './attempt-end.js';
import type { Ending, LastFrame, RunAttempt, RunHandler } from './run-attempt.js';
import { stopReasonOf } from './stop-reason.js';

/** How long the last entry may take to reach the log; after that its readers are served from Postgres. */
const LAST_ENTRY_MS = 5_000;

type Execution = Pick<RunExecution, 'handOver' | 'settle' | 'wasSettledAs' | 'releaseNext'>;

/** Ends an attempt: Postgres first, then the next run of the same owner, then the last entry. */
export async function settleAttempt(
  execution: Execution,
  attempt: RunAttempt,
  handler: RunHandler,
  failure: { readonly error: unknown } | undefined,
  runMs: number,
): Promise<AttemptEnd> {
  const ending = failure ? await endingAfter(execution, attempt, handler, failure.error, runMs) : handler.completed();
  if (typeof ending === 'string') return ending;
  const { run, writer, meter, steps, counts, logger } = attempt;
  const outcome: Outcome = { ...measured(meter), steps: steps.steps, ...ending.outcome };
  const times = await settleWithRetries(execution, attempt, outcome, ending);
  if (!times) {
    logger.warn('the run had moved on before it could be settled');
    counts.lost();
    return 'lost';
  }
  logOutcome(attempt, outcome, failure?.error);
  counts.settled(outcome);
  writeLast(attempt, ending.framesWith(times));
  const released = execution
    .releaseNext(run.claim)
    .catch((error: Error) => logger.warn({ err: error }, 'the next run waits for the sweeper'));
  await handler.afterCommit?.(outcome.state);
  await writer.end(LAST_ENTRY_MS);
  await released;
  return outcome;
}

/** How an attempt ends that did not come to its own end; a word when the run is not ours to end. */
async function endingAfter(
  execution: Execution,
  { run, counts, logger }: RunAttempt,
  handler: RunHandler,
  error: unknown,
  runMs: number,
): Promise<Ending | Exclude<AttemptEnd, Outcome>> {
  const reason = stopReasonOf(run.signal);
  switch (reason) {
    case 'lease_lost':
      logger.warn('the run belongs to another worker now');
      counts.lost();
      return 'lost';
    case 'released':
      logger.info('an administrator has taken the run from this worker');
      return 'lost';
    case 'shutdown':
      await execution.handOver(run.claim);
      logger.info('run handed over');
      return 'handed_over';
    case 'cancelled':
      return handler.cancelled();
    case 'deadline':
      return handler.failed(new RunDeadlineError(runMs));
    case undefined:
      return handler.failed(error);
    default:
      return reason satisfies never;
  }
}

/**
 * The answer is complete and paid for: an outage of Postgres is waited out. A try that failed may have been committed all
 * the same, with only its reply lost.
 */
function settleWithRetries(
  execution: Execution,
  { run, logger }: RunAttempt,
  outcome: Outcome,
  { items, chosenTimes }: Ending,
): Promise<StoredTimes | undefined> {
  let wasTried = false;
  const settle = async (): Promise<StoredTimes | undefined> => {
    const isAgain = wasTried;
    wasTried = true;
    const times = await execution.settle(run.claim, outcome, items, chosenTimes);
    if (times) return times;
    return isAgain && (await execution.wasSettledAs(run.claim, outcome.state)) ? new Map<string, string>() : undefined;
  };
  return retryWhileUnavailable(settle, {
    onUnavailable: (error) => logger.error({ err: error }, 'cannot settle the run yet'),
  });
}

function writeLast({ writer }: RunAttempt, frames: readonly LastFrame[]): void {
  for (const { frame, closedItemId, withdrawnItemId } of frames) {
    writer.writeLast(frame);
    if (closedItemId !== undefined) writer.itemClosed(closedItemId);
    if (withdrawnItemId !== undefined) writer.itemWithdrawn(withdrawnItemId);
  }
}

function logOutcome({ logger }: RunAttempt, outcome: Outcome, error: unknown): void {
  const { state, provider, model, usage, costMicros } = outcome;
  const facts = { state, provider, model, usage, costMicros };
  if (state !== 'failed') return logger.info(facts, 'run settled');
  const { errorCode: code = 'run.internal', errorDetail: detail } = outcome;
  const stack = bugStack(error);
  logger.error({ ...facts, code, detail, hint: operatorHint(code), ...(stack && { stack }) }, 'run failed');
}
