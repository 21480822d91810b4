import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartWriter } from '../../../../parts/part-writer.js';
import { ToolCallReader } from './tool-call-reader.js';

type Fragment = { index?: number; id?: string; function?: { name?: string | null; arguments?: unknown } };

/** The calls of these fragments, each in a delta of its own. */
const read = (...fragments: Fragment[]) => readDeltas(...fragments.map((fragment) => [fragment]));

function readDeltas(...deltas: Fragment[][]) {
  const writer = new PartWriter();
  let ids = 0;
  const reader = new ToolCallReader(writer, () => `made-${ids++}`, 'p');
  for (const delta of deltas) reader.push(delta);
  reader.finish();
  const calls = new Map<string, string>();
  const started = new Map<string, string>();
  for (const part of writer.take()) {
    if (part.type === 'tool-call-start') started.set(part.id, `${part.callId} ${part.name}`);
    if (part.type === 'tool-call-delta') calls.set(part.id, (calls.get(part.id) ?? '') + part.arguments);
  }
  return [...started].map(([id, call]) => `${call} ${calls.get(id) ?? ''}`);
}

it('joins the fragments of interleaved calls by index', () => {
  const calls = read(
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
    { index: 1, id: 'b', function: { name: 'g', arguments: '{"y"' } },
    { index: 0, function: { arguments: ':1}' } },
    { index: 1, function: { arguments: ':2}' } },
  );
  expect(calls).toEqual(['a f {"x":1}', 'b g {"y":2}']);
});

it('begins a new call at a new id with a name, though the index is the same', () => {
  const calls = read(
    { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
    { index: 0, id: 'b', function: { name: 'f', arguments: '{}' } },
  );
  expect(calls).toEqual(['a f {}', 'b f {}']);
});

it('goes by id, then by what came last, where there is no index', () => {
  const calls = read(
    { id: 'a', function: { name: 'f', arguments: '1' } },
    { function: { name: 'g', arguments: '2' } },
    { function: { arguments: '3' } },
    { id: 'a', function: { arguments: '4' } },
  );
  expect(calls).toEqual(['a f 14', 'made-0 g 23']);
});

it('does not double a name that is repeated on every fragment', () => {
  const calls = read(
    { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: '2' } },
  );
  expect(calls).toEqual(['a f 12']);
});

it('writes parsed arguments as JSON, and drops what names no function', () => {
  expect(read({ index: 0, function: { name: 'f', arguments: { x: [1] } } })).toEqual(['made-0 f {"x":[1]}']);
  expect(read({ index: 0, id: 'a', function: { arguments: '1' } })).toEqual([]);
});

/** One call of `f` with `{"x":1}`, as servers are known to send it. */
const ONE_CALL: Readonly<Record<string, readonly Fragment[]>> = {
  'by the documentation': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
    { index: 0, function: { arguments: '{"x"' } },
    { index: 0, function: { arguments: ':1}' } },
  ],
  'with the id on every delta': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
    { index: 0, id: 'a', function: { arguments: ':1}' } },
  ],
  'with a new id on every delta': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
    { index: 0, id: 'b', function: { arguments: ':1}' } },
  ],
  'with a new id and the name on every delta': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
    { index: 0, id: 'b', function: { name: 'f', arguments: ':1}' } },
  ],
  'with an id that comes late': [
    { index: 0, function: { name: 'f', arguments: '' } },
    { index: 0, id: 'a', function: { arguments: '{"x":1}' } },
  ],
  'without index and id, the name in each': [
    { id: 'a', function: { name: 'f', arguments: '' } },
    { function: { name: 'f', arguments: '{"x"' } },
    { function: { name: 'f', arguments: ':1}' } },
  ],
  'with an index that is wrong': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
    { index: 1, function: { arguments: ':1}' } },
  ],
  'with the arguments before the name': [
    { index: 0, id: 'a', function: { arguments: '{"x"' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } },
  ],
  'with null for what there is not': [
    { index: 0, id: 'a', function: { name: 'f', arguments: null } },
    { index: 0, function: { name: null, arguments: '{"x":1}' } },
    { index: 0, function: { name: null, arguments: null } },
  ],
  'with everything so far in each': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
  ],
  'with all of it once more': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } },
    { index: 0, function: { arguments: '1}' } },
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
  ],
  'with all of it once more, written in another way, in pieces': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
    { index: 0, function: { arguments: '{"x"' } },
    { index: 0, function: { arguments: ' : 1 }' } },
  ],
  'with an empty object first': [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
    { index: 0, function: { arguments: '{"x"' } },
    { index: 0, function: { arguments: ':1}' } },
  ],
  'as an object': [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
  'as JSON within JSON': [{ index: 0, id: 'a', function: { name: 'f', arguments: JSON.stringify('{"x":1}') } }],
};

it.each(Object.entries(ONE_CALL))('reads one call %s', (_, fragments) => {
  expect(read(...fragments)).toEqual(['a f {"x":1}']);
});

it.each<[string, Fragment[]]>([
  [
    'in pieces',
    [
      { index: 0, id: 'a', function: { name: 'get_' } },
      { index: 0, function: { name: 'weather' } },
    ],
  ],
  [
    'as it grows',
    [
      { index: 0, id: 'a', function: { name: 'get_' } },
      { index: 0, function: { name: 'get_weather' } },
    ],
  ],
  [
    'again',
    [
      { index: 0, id: 'a', function: { name: 'get_weather' } },
      { index: 0, function: { name: 'get_weather' } },
    ],
  ],
])('takes a name that comes %s', (_, fragments) => {
  expect(read(...fragments, { index: 0, function: { arguments: '{}' } })).toEqual(['a get_weather {}']);
});

describe('several calls', () => {
  it.each<[string, Fragment[][], string[]]>([
    [
      'in one delta, without index and id',
      [[{ function: { name: 'f', arguments: '{"x":1}' } }, { function: { name: 'f', arguments: '{"x":2}' } }]],
      ['made-0 f {"x":1}', 'made-1 f {"x":2}'],
    ],
    [
      'in one delta, all with index 0',
      [
        [
          { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
          { index: 0, id: 'b', function: { name: 'g', arguments: '{}' } },
        ],
      ],
      ['a f {}', 'b g {}'],
    ],
    [
      'with one id',
      [
        [
          { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
          { index: 1, id: 'a', function: { name: 'g', arguments: '{"x":2}' } },
        ],
      ],
      ['a f {"x":1}', 'made-0 g {"x":2}'],
    ],
    [
      'as complete objects under one index',
      [
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }],
        [{ index: 0, function: { arguments: '{"x":2}{"x":3}' } }],
      ],
      ['a f {"x":1}', 'made-0 f {"x":2}', 'made-1 f {"x":3}'],
    ],
    [
      'whose pieces are told apart by ids alone',
      [
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }],
        [{ index: 0, id: 'b', function: { name: 'g', arguments: '{"y":' } }],
        [{ index: 0, id: 'a', function: { arguments: '1}' } }],
        [{ index: 0, id: 'b', function: { arguments: '2}' } }],
      ],
      ['a f {"x":1}', 'b g {"y":2}'],
    ],
  ])('%s', (_, deltas, calls) => {
    expect(readDeltas(...deltas)).toEqual(calls);
  });
});

it('leaves arguments that were cut off as they came', () => {
  expect(read({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city": "Ber' } })).toEqual([
    'a f {"city": "Ber',
  ]);
  expect(read({ index: 0, id: 'a', function: { name: 'f' } })).toEqual(['a f ']);
});

const objects = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }).map((value) => JSON.stringify(value));

/** A text cut into pieces at any places. */
const cut = (whole: string) =>
  fc.array(fc.nat(whole.length), { maxLength: 8 }).map((places) => {
    const sorted = [0, ...places.toSorted((a, b) => a - b), whole.length];
    return sorted.slice(1).map((end, at) => whole.slice(sorted[at], end));
  });

it('makes the same of any arguments, cut anywhere, whether they come once or twice', () => {
  const sent = objects.chain((args) => fc.record({ args: fc.constant(args), once: cut(args), again: cut(args) }));
  fc.assert(
    fc.property(sent, fc.boolean(), ({ args, once, again }, isTwice) => {
      const pieces = isTwice ? [...once, ...again] : once;
      const calls = read(
        { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
        ...pieces.map((piece) => ({ index: 0, function: { arguments: piece } })),
      );
      expect(calls).toEqual([`a f ${args}`]);
    }),
  );
});

it('has a bound on the number of calls and on their size', () => {
  const many = Array.from({ length: 200 }, (_, index) => ({
    index,
    id: `c${index}`,
    function: { name: 'f', arguments: '{}' },
  }));
  expect(() => read(...many)).toThrow(/more than 128 tool calls/);
  const long = { index: 0, function: { arguments: `"${'x'.repeat(600_000)}"` } };
  expect(() => read({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }, long, long)).toThrow(
    /more than 1000000 characters/,
  );
});
