import type { ModelAttempt, ModelRef, Usage } from '#providers';
import type { ModelUsage } from '#runtime';
import { sumCost, sumUsage, usageByModel } from '../accounting/model-usage.js';

/** What a turn's calls of providers came to together. */
export interface UsageTotals {
  /** The model that answered: of the last call that was complete, else of the first. */
  readonly model: ModelRef | undefined;
  readonly usage: Usage | undefined;
  readonly costMicros: number | undefined;
  readonly byModel: readonly ModelUsage[];
}

/** Keeps account of a turn's calls of providers. */
export class UsageMeter {
  firstTextAt: Date | undefined;
  private readonly attempts: ModelAttempt[] = [];
  private readonly answers: ModelAttempt[] = [];
  private readonly late: ModelAttempt[] = [];
  private totals: UsageTotals | undefined;
  private onLate: ((attempt: ModelAttempt) => void) | undefined;

  /** `onAttempt` is told of each, early or late. */
  constructor(private readonly onAttempt: (attempt: ModelAttempt) => void = () => undefined) {}

  sawText(at: Date | undefined): void {
    this.firstTextAt ??= at;
  }

  /** One call of a provider, whatever it was for. */
  readonly record = (attempt: ModelAttempt): void => {
    this.onAttempt(attempt);
    if (!this.totals) this.attempts.push(attempt);
    else if (this.onLate) this.onLate(attempt);
    else this.late.push(attempt);
  };

  /** One call of a provider for the answer itself. */
  readonly recordAnswer = (attempt: ModelAttempt): void => {
    if (!this.totals) this.answers.push(attempt);
    this.record(attempt);
  };

  /** Closes the account: what comes from now on is late, and in no total. */
  close(): UsageTotals {
    const { attempts, answers } = this;
    this.totals ??= {
      model: (answers.findLast(({ outcome }) => outcome === 'completed') ?? answers[0] ?? attempts[0])?.ref,
      usage: sumUsage(attempts),
      costMicros: sumCost(attempts),
      byModel: usageByModel(attempts),
    };
    return this.totals;
  }

  /** Hands on what came late, and what will come. */
  followLate(onLate: (attempt: ModelAttempt) => void): void {
    this.onLate = onLate;
    for (const attempt of this.late.splice(0)) onLate(attempt);
  }
}
