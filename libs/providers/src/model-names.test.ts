import { describe, expect, it } from 'vitest';
import { resolveModelName } from './model-names.js';

const isProvider = (id: string): boolean => id === 'openai';

describe('public model names', () => {
  it.each<[string | undefined, Record<string, string>, string | undefined]>([
    [undefined, { '*': 'openai/x' }, undefined],
    ['fast', { fast: 'openai/small' }, 'openai/small'],
    ['fast', {}, 'fast'],
    ['openai/gpt', { '*': 'openai/other' }, 'openai/gpt'],
    ['quality', { '*': 'openai/*' }, 'openai/quality'],
    ['a/b', { '*': 'openai/*' }, 'openai/a/b'],
    ['$&', { '*': 'openai/*' }, 'openai/$&'],
    ['toString', {}, 'toString'],
  ])('%s with %j is %s', (name, names, expected) => {
    expect(resolveModelName(name, names, isProvider)).toBe(expected);
  });
});
