import type { ModelAttempt, ModelRef, Usage } from '#providers';
import type { ModelUsage } from '#runtime';
import { sumCost, sumUsage, usageByModel } from '../accounting/model-usage.js';

/** The sum of an attempt's model attempts. */
export interface UsageTotals {
  /** The model that answered: of the last model attempt that was completed, else of the first. */
  readonly model: ModelRef | undefined;
  readonly usage: Usage | undefined;
  readonly costMicros: number | undefined;
  readonly byModel: readonly ModelUsage[];
}

/** Adds up what the model attempts of one attempt at a run use. */
export class UsageMeter {
  firstTextAt: Date | undefined;
  /** What the entries of the answering providers name of their answers, for the run. */
  extra: Readonly<Record<string, unknown>> | undefined;
  private readonly attempts: ModelAttempt[] = [];
  private readonly answers: ModelAttempt[] = [];
  private readonly late: ModelAttempt[] = [];
  private totals: UsageTotals | undefined;
  private onLate: ((attempt: ModelAttempt) => void) | undefined;

  /** `onAttempt` is called for each, early or late. */
  constructor(private readonly onAttempt: (attempt: ModelAttempt) => void = () => undefined) {}

  sawText(at: Date | undefined): void {
    this.firstTextAt ??= at;
  }

  /** A later answer's value counts. */
  keepExtra(named: Readonly<Record<string, unknown>> | undefined): void {
    if (named) this.extra = { ...this.extra, ...named };
  }

  /** A model attempt, for any purpose. */
  readonly record = (attempt: ModelAttempt): void => {
    this.onAttempt(attempt);
    if (!this.totals) this.attempts.push(attempt);
    else if (this.onLate) this.onLate(attempt);
    else this.late.push(attempt);
  };

  /** A model attempt for the answer itself. */
  readonly recordAnswer = (attempt: ModelAttempt): void => {
    if (!this.totals) this.answers.push(attempt);
    this.record(attempt);
  };

  /** Closes the meter: what comes from now on is late, and in no total. */
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

  /** Passes on what came late, and what will come. */
  followLate(onLate: (attempt: ModelAttempt) => void): void {
    this.onLate = onLate;
    for (const attempt of this.late.splice(0)) onLate(attempt);
  }
}
