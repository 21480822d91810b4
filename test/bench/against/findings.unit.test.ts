import { expect, it } from 'vitest';
import { splitFindings } from './findings.js';
import { type Length, type Shape, type Side, SIDES } from './plan.js';
import type { Sample } from './samples.js';
import { verdictLines } from './verdict.js';

const shape: Shape = { name: 'firehose', concurrency: 20, delayMs: 0, tokens: { short: 2, long: 502 } };

const sample = (side: Side, length: Length, round: number, statements: number, writes: number): Sample => ({
  side,
  shape: shape.name,
  length,
  round,
  turns: 100,
  cost: { 'SQL statements': { api: 1, worker: statements }, 'socket writes': { api: writes } },
  foreignCores: 0,
  bad: 0,
  faults: [],
});

/** What a turn and a token of each side cost, in statements and writes; each round is slower than the one before. */
function samplesOf(statementsOf: Record<Side, number>, writesPerToken: Record<Side, number>): Sample[] {
  return [0, 1, 2].flatMap((round) =>
    SIDES.flatMap((side) =>
      (['short', 'long'] as const).map((length) =>
        sample(side, length, round, statementsOf[side], 10 + 100 * round + writesPerToken[side] * shape.tokens[length]),
      ),
    ),
  );
}

const verdictOf = (counts: readonly Sample[]): string[] =>
  verdictLines({ boots: [], rest: [], times: [], counts: splitFindings(counts, [shape]) });

const even = { this: 1, other: 1, control: 1 };

it('finds what a turn costs more, and what a token does', () => {
  const findings = splitFindings(samplesOf({ this: 4, other: 3, control: 4 }, { this: 2, other: 1, control: 2 }), [
    shape,
  ]);
  const found = (group: string) => findings.find((one) => one.group === group && one.part === undefined);
  expect(found('SQL statements')).toMatchObject({
    turn: { this: 5, other: 4, verdict: 'higher' },
    token: { this: 0, verdict: 'same' },
  });
  expect(found('socket writes')).toMatchObject({
    turn: { this: 110, verdict: 'same' },
    token: { this: 2, other: 1, ratio: 2, verdict: 'higher' },
  });
});

it('says which of the counted work is higher, and only that', () => {
  expect(verdictOf(samplesOf({ this: 4, other: 3, control: 4 }, even))).toEqual([
    expect.stringMatching(/^counted work HIGHER: firehose, SQL statements a turn: 5.00 against 4.00/),
    'CPU: inside the A/A spread',
    'start: inside the A/A spread',
  ]);
  expect(verdictOf(samplesOf(even, even))[0]).toBe('counted work: not higher');
});
