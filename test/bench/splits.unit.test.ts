import { expect, it } from 'vitest';
import { measuredOf } from './measured.fixture.js';
import type { Seat } from './plan.js';
import { splitsOf } from './splits.js';

/** A turn of both lengths, in two rounds of which the second is twice as slow. */
const slots = (seat: Seat, turn: number, token: number) =>
  [0, 1].flatMap((round) =>
    (
      [
        ['tiny', 2],
        ['firehose', 200],
      ] as const
    ).map(([scenario, tokens]) =>
      measuredOf({ ...seat, scenario, round, cpu: { api: (1 + round) * (turn + token * tokens), worker: 0 } }),
    ),
  );

const seat = (variant: Seat['variant'], isControl = false): Seat => ({ variant, isControl });

it('tells what a turn costs from what a token costs, by role, with ratios within each round', () => {
  const measured = [
    ...slots(seat('inline'), 1_000, 20),
    ...slots(seat('product'), 4_000, 10),
    ...slots(seat('product', true), 4_400, 10),
  ];
  const product = splitsOf(measured).find((one) => one.variant === 'product');
  expect(product?.turn.cpu).toEqual({ api: expect.closeTo(6_300), worker: 0 });
  expect(product?.turn.overInline).toEqual({
    median: expect.closeTo(4.2),
    least: expect.closeTo(4.2),
    most: expect.closeTo(4.2),
  });
  expect(product?.turn.control?.median).toBeCloseTo(1.1);
  expect(product?.token.cpuTotal).toBeCloseTo(15);
  expect(product?.token.overInline?.median).toBeCloseTo(0.5);
});

it('says nothing where one of the two lengths is missing', () => {
  expect(splitsOf(slots(seat('inline'), 1, 1).filter((one) => one.scenario === 'tiny'))).toEqual([]);
});
