import type { ModelAttempt, ModelRef, Usage } from '#providers';

/** What a turn's model calls came to together. */
export class TurnMeter {
  firstTextAt: Date | undefined;
  usage: Usage | undefined;
  private asked: ModelRef | undefined;
  private answered: ModelRef | undefined;

  /** The model that answers: the first that came to its end, which may stand in for the one that was asked. */
  get model(): ModelRef | undefined {
    return this.answered ?? this.asked;
  }

  begin(ref: ModelRef): void {
    this.asked ??= ref;
  }

  sawText(at: Date | undefined): void {
    this.firstTextAt ??= at;
  }

  /** One call of a provider, whatever it was for. */
  readonly record = ({ usage }: ModelAttempt): void => {
    if (Object.keys(usage).length > 0) this.usage = sum(this.usage ?? {}, usage);
  };

  /** One call of a provider for the answer itself. */
  readonly recordAnswer = (attempt: ModelAttempt): void => {
    this.record(attempt);
    if (attempt.outcome === 'completed') this.answered ??= attempt.ref;
  };
}

function sum(a: Usage, b: Usage): Usage {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Usage>;
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
