import { describe, expect, it } from 'vitest';
import { lookUpModel } from './model-names.js';

const isProvider = (id: string): boolean => id === 'openai';

describe('public model names', () => {
  it.each<[string, Record<string, string>, string]>([
    ['fast', { fast: 'openai/small' }, 'openai/small'],
    ['fast', {}, 'fast'],
    ['openai/gpt', { '*': 'openai/other' }, 'openai/gpt'],
    ['quality', { '*': 'openai/*' }, 'openai/quality'],
    ['a/b', { '*': 'openai/*' }, 'openai/a/b'],
    ['$&', { '*': 'openai/*' }, 'openai/$&'],
    ['toString', {}, 'toString'],
  ])('%s with %j is %s', (name, names, expected) => {
    expect(lookUpModel(name, names, isProvider)).toEqual({ model: expected });
  });

  it('have the settings of their long form, also for names that match `*`', () => {
    const smart = { model: 'openai/large', contextWindow: 10 };
    const rest = { model: 'openai/*', limits: { concurrency: 1 } };
    const names = { smart, '*': rest };
    expect(lookUpModel('smart', names, isProvider)).toEqual({
      model: 'openai/large',
      named: { name: 'smart', settings: smart },
    });
    expect(lookUpModel('other', names, isProvider)).toEqual({
      model: 'openai/other',
      named: { name: '*', settings: rest },
    });
    expect(lookUpModel('openai/x', names, isProvider)).toEqual({ model: 'openai/x' });
  });
});
