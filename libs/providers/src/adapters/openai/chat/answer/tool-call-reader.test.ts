import { expect, it } from 'vitest';
import { PartWriter } from '../../../../parts/part-writer.js';
import { ToolCallReader } from './tool-call-reader.js';

type Fragment = { index?: number; id?: string; function?: { name?: string; arguments?: unknown } };

function read(...fragments: Fragment[]) {
  const writer = new PartWriter();
  let ids = 0;
  const reader = new ToolCallReader(writer, () => `made-${ids++}`, 'p');
  for (const fragment of fragments) reader.push([fragment]);
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
