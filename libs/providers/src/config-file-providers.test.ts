import { expect, it } from 'vitest';
import { providersOf } from './config-file-providers.js';
import { toldIssues } from './testing/told-issues.js';

it('knows an entry with a module by that, and hands its own options on', () => {
  const { configs, issues } = providersOf([{ id: 'mine', module: '/mine.js', address: 'x' }], {});
  expect(issues).toEqual([]);
  expect(configs).toEqual([{ kind: 'module', id: 'mine', module: '/mine.js', address: 'x' }]);
});

it.each([
  [{ module: '/mine.js' }, /^providers\[0\]\.id: /],
  [{ id: 'mine' }, /^providers\[0\]\.kind: must be one of openai, .*; or leave it out and name a module$/],
  [{ id: 'mine', kind: 'other' }, /^providers\[0\]\.kind: must be one of/],
  [{ kind: 'openai', module: '/mine.js' }, /^providers\[0\]: .*module/],
  [{ id: 'mine', module: '/m.js', models: ['a'], onlyListed: true }, /^providers\[0\]\.onlyListed: .*default model/],
])('says what is wrong with %j', (entry, words) => {
  expect(toldIssues(providersOf([entry], {}).issues)).toEqual([expect.stringMatching(words)]);
});
