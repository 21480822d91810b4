import { expect, it } from 'vitest';
import { readOptions } from './options.js';

it('takes the peers only when they are asked for', () => {
  expect(readOptions([]).variants).toEqual(['direct', 'inline', 'product']);
  expect(readOptions(['--peers']).variants).toEqual(['direct', 'inline', 'product', 'naive', 'npm', 'python']);
  expect(readOptions(['--only', 'python']).variants).toEqual(['python']);
});

it('takes the scenarios in the order in which they are measured', () => {
  expect(readOptions(['--scenario', 'burst,tiny']).scenarios.map(({ name }) => name)).toEqual(['tiny', 'burst']);
});

it.each([
  [['--scenario', 'gale'], /"gale" is none of tiny, firehose/],
  [['--against', '.', '--scenario', 'burst'], /"burst" is none of firehose, rapid, light/],
  [['--against', '.', '--peers'], /--against has none/],
  [['--rounds', '0'], /not a positive whole number/],
])('refuses %j', (argv, message) => {
  expect(() => readOptions(argv)).toThrow(message);
});
