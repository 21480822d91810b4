import { COMPARED, type Plan, rotated, type Scenario } from '../plan.js';
import type { Lengths } from './tally.js';

/** This build, the other one, and this build a second time: what the two instances of one build differ by is chance. */
export const SIDES = ['this', 'other', 'control'] as const;
export type Side = (typeof SIDES)[number];

/** A load at two lengths of the answer, so that what a turn costs and what a token costs are told apart. */
export interface Shape {
  readonly name: Scenario['name'] | 'single';
  readonly concurrency: number;
  readonly delayMs: number;
  readonly tokens: Lengths<number>;
}

export type Length = keyof Shape['tokens'];

const LENGTHS: Readonly<Record<(typeof COMPARED)[number], Lengths<number>>> = {
  firehose: { short: 2, long: 500 },
  rapid: { short: 2, long: 200 },
  light: { short: 1, long: 20 },
};

/** One reader: nothing is batched with the work of another turn, so that counts repeat almost exactly. */
const SINGLE: Shape = { name: 'single', concurrency: 1, delayMs: 0, tokens: LENGTHS.firehose };

export const timedShapes = (scenarios: readonly Scenario[]): Shape[] =>
  COMPARED.flatMap((name) =>
    scenarios
      .filter((scenario) => scenario.name === name)
      .map(({ concurrency, delayMs }) => ({ name, concurrency, delayMs, tokens: LENGTHS[name] })),
  );

export const countedShapes = (scenarios: readonly Scenario[]): Shape[] => [SINGLE, ...timedShapes(scenarios)];

/** A plan whose rounds are shared out to generations of processes: how a process was compiled is chance, too. */
export interface Pass extends Plan {
  readonly generations: number;
}

export interface AgainstPlan {
  /** Starts of each side whose time is taken. */
  readonly boots: number;
  readonly timing: Pass;
  readonly counting: Pass;
}

export function againstPlan(timing: Plan, quick: boolean): AgainstPlan {
  return quick
    ? {
        boots: 3,
        timing: { ...timing, generations: 2 },
        counting: { generations: 2, rounds: 4, slotMs: 1_200, warmUpMs: 2_000 },
      }
    : {
        boots: 7,
        timing: { ...timing, generations: 3 },
        counting: { generations: 3, rounds: 9, slotMs: 2_000, warmUpMs: 4_000 },
      };
}

/** One side under one load at one length in one round. */
export interface AgainstSlot {
  readonly side: Side;
  readonly shape: Shape;
  readonly length: Length;
  readonly round: number;
}

/** The sides take turns as closely as they can, each round in another order. */
export const slotsOfRound = (round: number, shapes: readonly Shape[]): AgainstSlot[] =>
  shapes.flatMap((shape) =>
    (['short', 'long'] as const).flatMap((length) =>
      rotated(SIDES, round).map((side) => ({ side, shape, length, round })),
    ),
  );

/** The rounds of each generation: all are measured, and none twice. */
export function roundsOf({ rounds, generations }: Pass): number[][] {
  const all = Array.from({ length: rounds }, (_, round) => round);
  const generationOf = (round: number): number => Math.floor((round * generations) / rounds);
  return Array.from({ length: generations }, (_, generation) =>
    all.filter((round) => generationOf(round) === generation),
  ).filter((own) => own.length > 0);
}
