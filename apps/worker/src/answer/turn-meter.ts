import type { ModelRef, Usage } from '#providers';

interface Measured {
  readonly usage: Usage | undefined;
  readonly firstTextAt: Date | undefined;
}

/** What a turn's model calls came to together. */
export class TurnMeter {
  /** The model that answers: the first one asked. */
  model: ModelRef | undefined;
  firstTextAt: Date | undefined;
  usage: Usage | undefined;

  begin(ref: ModelRef): void {
    this.model ??= ref;
  }

  add({ usage, firstTextAt }: Measured): void {
    this.firstTextAt ??= firstTextAt;
    if (usage) this.usage = sum(this.usage ?? {}, usage);
  }
}

function sum(a: Usage, b: Usage): Usage {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Usage>;
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
