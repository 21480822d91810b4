import { expect, it } from 'vitest';
import { ALL_VARIANTS, SCENARIOS, seatsOf, slotsOf } from './plan.js';

it('has a second instance of inline and of the product, and of nothing else', () => {
  expect(seatsOf(['direct', 'inline', 'product'])).toEqual([
    { variant: 'direct', isControl: false },
    { variant: 'inline', isControl: false },
    { variant: 'product', isControl: false },
    { variant: 'inline', isControl: true },
    { variant: 'product', isControl: true },
  ]);
  expect(seatsOf(ALL_VARIANTS).filter((seat) => seat.isControl)).toHaveLength(2);
});

it('measures every instance under every scenario in every round, each round in another order', () => {
  const slots = slotsOf(2, ['a', 'b', 'c'], SCENARIOS.slice(0, 2));
  expect(slots.map(({ instance, scenario, round }) => `${round} ${scenario.name} ${instance}`)).toEqual([
    '0 tiny a',
    '0 tiny b',
    '0 tiny c',
    '0 firehose a',
    '0 firehose b',
    '0 firehose c',
    '1 tiny a',
    '1 tiny c',
    '1 tiny b',
    '1 firehose a',
    '1 firehose c',
    '1 firehose b',
  ]);
});
