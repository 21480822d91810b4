/** What may grow. */
export const SERIES = ['streams', 'threads', 'items'] as const;
export type Series = (typeof SERIES)[number];

export interface GrowthPlan {
  readonly rounds: number;
  readonly sizes: readonly number[];
}

export const GROWTH_PLANS: Readonly<Record<Series, Readonly<Record<'quick' | 'full', GrowthPlan>>>> = {
  streams: { quick: { rounds: 1, sizes: [500, 1_000] }, full: { rounds: 1, sizes: [1_000, 2_500, 5_000] } },
  threads: {
    quick: { rounds: 3, sizes: [10_000, 100_000] },
    full: { rounds: 5, sizes: [10_000, 100_000, 1_000_000] },
  },
  items: { quick: { rounds: 3, sizes: [10, 1_000] }, full: { rounds: 5, sizes: [10, 1_000, 10_000] } },
};
