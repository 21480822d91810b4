import { describe, expect, it } from 'vitest';
import { acceptedTypes, type FileFacts, problemOf } from './file-limits.js';

const limits = {
  maxCount: 2,
  maxSize: 100,
  maxTotalSize: 150,
  accept: { 'image/png': ['.png'], 'text/x-source': ['.ts'], 'audio/*': [] },
};
const file = (name: string, size = 10, type = ''): FileFacts => ({ name, size, type });

describe('whether a file may be attached', () => {
  it.each([
    ['by its type', file('x', 10, 'image/png')],
    ['by a group of types', file('x', 10, 'audio/wav')],
    ['by its ending, whatever the case', file('MAIN.TS')],
  ])('%s', (_, accepted) => {
    expect(problemOf(accepted, [], limits)).toBeUndefined();
  });

  it.each([
    [file('x.exe'), [], { type: 'not_accepted' }],
    [file('x.ts', 0), [], { type: 'empty' }],
    [file('x.ts', 101), [], { type: 'too_large', bytes: 100 }],
    [file('x.ts', 90), [file('y.ts', 61)], { type: 'too_large_together', bytes: 150 }],
    [file('x.ts'), [file('y.ts'), file('z.ts')], { type: 'too_many', count: 2 }],
    [
      file('x', 1, 'image/png'),
      Array.from({ length: 50 }, () => file('p', 1, 'image/png')),
      { type: 'too_many', count: 50 },
    ],
  ])('not %j', (refused, others, problem) => {
    expect(problemOf(refused, others, limits)).toEqual(problem);
  });

  it('does not count pictures as files', () => {
    const pictures = [file('1', 1, 'image/png'), file('2', 1, 'image/png'), file('3', 1, 'image/png')];
    expect(problemOf(file('x.ts'), pictures, limits)).toBeUndefined();
  });

  it('is not asked without a list', () => {
    expect(problemOf(file('x.exe'), [], { ...limits, accept: {} })).toBeUndefined();
  });
});

it('tells the file dialog types and endings', () => {
  expect(acceptedTypes(limits)).toBe('image/png,.png,text/x-source,.ts,audio/*');
});
