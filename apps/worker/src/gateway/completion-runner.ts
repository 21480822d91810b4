import { Injectable } from '@nestjs/common';
import { unlessAborted } from '#providers';
import { TenantModels } from '../providers/tenant-models.js';
import { CANCELLED, DatabaseClock, encodeGatewayError, EventEngine } from '#runtime';
import type { Claim } from '#runtime/worker';
import { AttemptRunner } from '../attempt/attempt-runner.js';
import type { AttemptEnd } from '../attempt/attempt-end.js';
import type { Ending, RunAttempt } from '../attempt/run-attempt.js';
import { retryWhileUnavailable } from '../attempt/retry-while-unavailable.js';
import { LEAVE_AFTER_MS } from '../attempt/leave-after.js';
import { Hooks } from '../hooks/hooks.js';
import { answerCompletion } from './answer-completion.js';
import { AnswerInterruptedError } from './completion-errors.js';
import { completionFailure } from './completion-failure.js';
import { CompletionSettings } from './completion-settings.js';

/** Does a claimed completion; what any run needs is in {@link AttemptRunner}. */
@Injectable()
export class CompletionRunner {
  constructor(
    private readonly attempts: AttemptRunner,
    private readonly tenants: TenantModels,
    private readonly hooks: Hooks,
    private readonly engine: EventEngine,
    private readonly settings: CompletionSettings,
    private readonly clock: DatabaseClock,
  ) {}

  run(claim: Claim): Promise<AttemptEnd> {
    const attempt = this.attempts.begin(claim);
    let end = '';
    return this.attempts.run(attempt, {
      answer: async () => void (end = await this.answer(attempt)),
      completed: () => ending({ state: 'completed' }, end),
      cancelled: () => ending({ state: 'cancelled' }, encodeGatewayError(CANCELLED)),
      failed: (error) => {
        const { outcome, reply } = completionFailure(error, claim.context.showCauses === true);
        return ending(outcome, encodeGatewayError(reply));
      },
    });
  }

  /** Returns the frames that end the answer. A part of an answer that the caller has seen is never begun anew. */
  private async answer(attempt: RunAttempt): Promise<string> {
    const { hooks, engine, settings, clock } = this;
    const { signal, claim } = attempt.run;
    const [registry, earlier] = await Promise.all([
      retryWhileUnavailable(() => this.tenants.of(claim.tenantId), { signal }),
      this.attempts.prepareReaders(attempt),
    ]);
    signal.throwIfAborted();
    if (earlier?.some(({ frames }) => frames.length > 0)) throw new AnswerInterruptedError();
    const answer = answerCompletion({ registry, hooks, cache: engine.cache, settings, clock }, attempt);
    return unlessAborted(signal, answer, LEAVE_AFTER_MS);
  }
}

const ending = (outcome: Ending['outcome'], frame: string): Ending => ({
  outcome,
  items: [],
  framesWith: () => [{ frame }],
});
