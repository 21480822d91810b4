/** Who answers: the provider itself, one process of our own that calls it, or the product. */
export const VARIANTS = ['direct', 'inline', 'product'] as const;
export type Variant = (typeof VARIANTS)[number];

/** A closed loop: each of `concurrency` readers asks again as soon as its answer has ended. */
export interface Scenario {
  readonly name: 'firehose' | 'rapid' | 'light';
  readonly concurrency: number;
  readonly tokens: number;
  /** Between two tokens; 0: as fast as the reader takes them. */
  readonly delayMs: number;
}

/**
 * `firehose`: the provider sends a whole answer in one piece, so what a turn costs is seen. `rapid`: a token a
 * millisecond and reader, in packets of their own as providers send them, so what a token costs is seen. `light`
 * leaves the machine idle most of the time: only there latencies are the product's own, and not those of a queue.
 */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'firehose', concurrency: 20, tokens: 200, delayMs: 0 },
  { name: 'rapid', concurrency: 20, tokens: 200, delayMs: 1 },
  { name: 'light', concurrency: 10, tokens: 10, delayMs: 20 },
];

export interface Plan {
  readonly rounds: number;
  /** New turns are begun for so long in each slot. */
  readonly slotMs: number;
  /** Before the first round, for each variant and scenario: the compilers' time, which is not measured. */
  readonly warmUpMs: number;
}

export const PLANS: Readonly<Record<'quick' | 'full', Plan>> = {
  quick: { rounds: 3, slotMs: 2_800, warmUpMs: 8_000 },
  full: { rounds: 7, slotMs: 10_000, warmUpMs: 6_000 },
};

/** For --against: more and shorter rounds, because the spread between two instances of one build is taken from them. */
export const AGAINST_PLANS: typeof PLANS = {
  quick: { rounds: 5, slotMs: 1_500, warmUpMs: 4_000 },
  full: { rounds: 9, slotMs: 5_000, warmUpMs: 6_000 },
};

/** One variant under one scenario in one round. */
export interface Slot {
  readonly variant: Variant;
  readonly scenario: Scenario;
  readonly round: number;
}

/** Every variant in every round, each round beginning with another one: what disturbs the machine disturbs all. */
export function slotsOf(rounds: number, variants: readonly Variant[], scenarios: readonly Scenario[]): Slot[] {
  return Array.from({ length: rounds }, (_, round) =>
    scenarios.flatMap((scenario) => rotated(variants, round).map((variant) => ({ variant, scenario, round }))),
  ).flat();
}

/** The same, beginning with another one. */
export const rotated = <T>(all: readonly T[], by: number): T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];
