import { describe, expect, it } from 'vitest';
import { readChart, ticksOf } from './chart-data.js';

const rows = [
  { month: '1', a: 10, b: '5', c: -2 },
  { month: '2', a: 'none', b: 7, c: 4 },
];

describe('a chart', () => {
  it('reads numbers, also from text, and leaves gaps where there are none', () => {
    const { values, categories } = readChart(
      rows,
      [
        { type: 'line', dataKey: 'a' },
        { type: 'line', dataKey: 'b' },
      ],
      'month',
    );
    expect(values).toEqual([
      [10, undefined],
      [5, 7],
    ]);
    expect(categories).toEqual(['1', '2']);
  });

  it('names its categories', () => {
    const axis = { dataKey: 'month', labels: { 1: 'January' } };
    expect(readChart(rows, [], axis).categories).toEqual(['January', '2']);
  });

  it('stacks what has one stack, up from zero and down from zero', () => {
    const stack = ['a', 'b', 'c'].map((dataKey) => ({ type: 'bar', dataKey, stack: 's' }));
    expect(readChart(rows, stack, 'month').spans).toEqual([
      [[0, 10], undefined],
      [
        [10, 15],
        [0, 7],
      ],
      [
        [0, -2],
        [7, 11],
      ],
    ]);
  });

  it('stacks neither lines nor series of different kinds', () => {
    const series = [
      { type: 'line', dataKey: 'b', stack: 's' },
      { type: 'line', dataKey: 'b', stack: 's' },
      { type: 'area', dataKey: 'b', stack: 's' },
      { type: 'bar', dataKey: 'b', stack: 's' },
    ];
    expect(readChart(rows, series, 'month').spans.map(([first]) => first)).toEqual([0, 1, 2, 3].map(() => [0, 5]));
  });

  it.each([
    [undefined, null, 7],
    ['rows', {}, []],
    [[1, null], [2], {}],
  ])('tolerates %j', (data, series, axis) => {
    expect(readChart(data, series, axis)).toMatchObject({ series: [], ticks: [0, 1] });
  });
});

describe('the ticks of an axis', () => {
  it.each([
    [
      [3, 97],
      [0, 25, 50, 75, 100],
    ],
    [
      [-30, 40],
      [-40, -20, 0, 20, 40],
    ],
    [
      [0.1, 0.32],
      [0, 0.1, 0.2, 0.3, 0.4],
    ],
    [
      [-5, -1],
      [-6, -4, -2, 0],
    ],
    [[], [0, 1]],
  ])('for %j are %j', (values, ticks) => {
    expect(ticksOf(values)).toEqual(ticks);
  });
});
