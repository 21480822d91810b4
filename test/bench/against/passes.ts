import { setTimeout as sleep } from 'node:timers/promises';
import { rotated } from '../plan.js';
import { type Apps, type Setup, withApps } from './setup.js';
import { type Pass, roundsOf, type Shape, type Side, SIDES, slotsOfRound } from './plan.js';
import { type Measurement, type Read, type Reading, type Sample, takeSample } from './samples.js';
import { between, per, type Tally } from './tally.js';

/** Several of what an idle process does every two seconds. */
const REST_MS = 8_000;

export interface PassResult {
  readonly samples: readonly Sample[];
  /** What each generation did in a second of rest. */
  readonly rests: readonly Measurement[];
}

export interface PassOrder {
  readonly shapes: readonly Shape[];
  readonly plan: Pass;
  readonly isCounted: boolean;
  readonly read: Read;
}

type AllApps = Readonly<Record<Side, Apps>>;

export async function runPass(setup: Setup, order: PassOrder): Promise<PassResult> {
  const results: PassResult[] = [];
  for (const [generation, rounds] of roundsOf(order.plan).entries()) {
    const sides = rotated(SIDES, generation);
    results.push(await withApps(setup, sides, order.isCounted, (apps) => runGeneration(setup, apps, order, rounds)));
  }
  const rests = results.flatMap((result) => result.rests);
  return { samples: results.flatMap(({ samples }) => samples), rests };
}

async function runGeneration(
  setup: Setup,
  apps: AllApps,
  { shapes, plan, read }: PassOrder,
  rounds: readonly number[],
): Promise<PassResult> {
  for (const slot of slotsOfRound(0, shapes)) await takeSample(setup, apps[slot.side], slot, plan.warmUpMs, read);
  const atRest = await measureRest(setup, apps, read);
  const samples: Sample[] = [];
  for (const slot of rounds.flatMap((round) => slotsOfRound(round, shapes)))
    samples.push(await takeSample(setup, apps[slot.side], slot, plan.slotMs, read, atRest[slot.side]));
  const round = rounds[0] ?? 0;
  const rests = SIDES.map((side) => ({ side, round, cost: inSecond(atRest[side]) }));
  return { samples, rests };
}

const inSecond = (inMillisecond: Tally): Tally => per(inMillisecond, 0.001);

/** What every side does in a millisecond while nobody asks for anything: all of them at once. */
async function measureRest(setup: Setup, apps: AllApps, read: Read): Promise<Record<Side, Tally>> {
  const before = await readAll(setup, apps, read);
  await sleep(REST_MS);
  const after = await readAll(setup, apps, read);
  const rate = (side: Side): Tally =>
    per(between(before[side].cost, after[side].cost), after[side].at - before[side].at);
  return { this: rate('this'), other: rate('other'), control: rate('control') };
}

async function readAll(setup: Setup, apps: AllApps, read: Read): Promise<Record<Side, Reading>> {
  const of = (side: Side): Promise<Reading> => read(setup, apps[side]);
  return { this: await of('this'), other: await of('other'), control: await of('control') };
}
