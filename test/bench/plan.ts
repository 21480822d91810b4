/** Who answers: the provider itself, one process of our own that calls it, or the product. */
export const VARIANTS = ['direct', 'inline', 'product'] as const;
/** With --peers: a queue as people write it, and two other servers of the same protocol, of which one is the official one. */
const PEERS = ['naive', 'npm', 'python'] as const;
export const ALL_VARIANTS = [...VARIANTS, ...PEERS] as const;
export type Variant = (typeof ALL_VARIANTS)[number];

/** Two instances of these take part, on equal terms: what the two differ by is chance. */
const CONTROLLED: readonly Variant[] = ['inline', 'product'];

/** One instance of a variant. */
export interface Seat {
  readonly variant: Variant;
  readonly isControl: boolean;
}

export interface Scenario {
  readonly name: 'tiny' | 'firehose' | 'rapid' | 'paced' | 'light' | 'burst';
  /** Readers. Each asks again as soon as its answer has ended, unless it `asksOnce`. */
  readonly concurrency: number;
  readonly tokens: number;
  /** Between two tokens; 0: as fast as the reader takes them. */
  readonly delayMs: number;
  /** The readers begin one after the other, over so long. */
  readonly staggerMs: number;
  readonly asksOnce: boolean;
}

/** Readers in a loop. Paced ones do not begin in step, or each would wait for the others' first tokens. */
const loop = (name: Scenario['name'], concurrency: number, tokens: number, delayMs: number): Scenario => ({
  name,
  concurrency,
  tokens,
  delayMs,
  staggerMs: tokens * delayMs,
  asksOnce: false,
});

/**
 * `tiny` and `firehose`: the provider sends a whole answer in one piece; the line through both tells what a turn costs, and
 * what a further token does. `rapid`: a token a millisecond and reader, in packets of their own as providers send them.
 * `paced`: streams as long and as slow as people read them. `light` leaves the machine idle most of the time: only there
 * latencies are the variant's own, and not those of a queue. `burst`: 500 readers that nobody has seen before, within a second.
 */
export const SCENARIOS: readonly Scenario[] = [
  loop('tiny', 20, 2, 0),
  loop('firehose', 20, 200, 0),
  loop('rapid', 20, 200, 1),
  loop('paced', 20, 100, 20),
  loop('light', 10, 10, 20),
  { name: 'burst', concurrency: 500, tokens: 5, delayMs: 0, staggerMs: 1_000, asksOnce: true },
];

/** What --against knows: in the others a difference drowns, or they are a length of these. */
export const COMPARED = ['firehose', 'rapid', 'light'] as const satisfies readonly Scenario['name'][];

export interface Plan {
  readonly rounds: number;
  /** New turns are begun for so long in each slot. */
  readonly slotMs: number;
  /** Before the first round, for each instance, over all scenarios: the compilers' time, which is not measured. */
  readonly warmUpMs: number;
}

/**
 * In rounds as well, so that every instance has rested as long when it is measured: in a process that rests the engine throws compiled
 * code away, and what was warmed up first was dearer by a third.
 */
export const WARM_UP_ROUNDS = 4;

export const PLANS: Readonly<Record<'quick' | 'full', Plan>> = {
  quick: { rounds: 3, slotMs: 2_500, warmUpMs: 30_000 },
  full: { rounds: 7, slotMs: 10_000, warmUpMs: 60_000 },
};

/**
 * For --against: more and shorter rounds, because the spread between two instances of one build is taken from them. The
 * warm-up is that of each load at each length.
 */
export const AGAINST_PLANS: typeof PLANS = {
  quick: { rounds: 5, slotMs: 1_500, warmUpMs: 4_000 },
  full: { rounds: 9, slotMs: 5_000, warmUpMs: 6_000 },
};

/** The instances of the variants: the first of each, then the controls. */
export function seatsOf(variants: readonly Variant[]): Seat[] {
  const controls = variants.filter((variant) => CONTROLLED.includes(variant));
  return [
    ...variants.map((variant) => ({ variant, isControl: false })),
    ...controls.map((variant) => ({ variant, isControl: true })),
  ];
}

/** One instance under one scenario in one round. */
export interface Slot<Instance> {
  readonly instance: Instance;
  readonly scenario: Scenario;
  readonly round: number;
}

/**
 * Every instance in every round, each round beginning with another one and every other one backwards: what disturbs the machine
 * disturbs all, and none always comes after the same one.
 */
export function slotsOf<Instance>(
  rounds: number,
  instances: readonly Instance[],
  scenarios: readonly Scenario[],
): Slot<Instance>[] {
  return Array.from({ length: rounds }, (_, round) =>
    scenarios.flatMap((scenario) => {
      const order = rotated(instances, round);
      return (round % 2 === 0 ? order : order.toReversed()).map((instance) => ({ instance, scenario, round }));
    }),
  ).flat();
}

/** The same, beginning with another one. */
export const rotated = <T>(all: readonly T[], by: number): T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];
