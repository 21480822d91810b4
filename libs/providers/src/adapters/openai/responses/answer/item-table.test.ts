import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../../spec/stream-part.js';
import { added, completed, done, event, readerOf, type ResponseEvent } from '../../../../testing/response-events.js';
import { faultsOf } from '../../../../testing/well-formed.js';

const text = (words: string) => ({ type: 'output_text', text: words, annotations: [] });
const message = (id: string, ...words: string[]) => ({ type: 'message', id, content: words.map(text) });
const call = (id: string, args: unknown) => ({
  type: 'function_call',
  id,
  call_id: `c-${id}`,
  name: 'f',
  arguments: args,
});
const said = (item_id: string, delta: string, more: object = {}) =>
  event('output_text.delta', { item_id, delta, ...more });

/** The texts and arguments of an answer, in the order in which their blocks began. */
function contentOf(...events: ResponseEvent[]): string[] {
  const reader = readerOf(events.some(({ type }) => type === 'response.completed') ? events : [...events, completed()]);
  reader.end();
  const parts = reader.take();
  expect(faultsOf(parts)).toEqual([]);
  const blocks = new Map<string, string>();
  for (const part of parts) {
    if (part.type === 'text-start' || part.type === 'tool-call-start') blocks.set(part.id, '');
    const more = wordsOf(part);
    if (more) blocks.set(more.id, `${blocks.get(more.id)}${more.words}`);
  }
  return [...blocks.values()];
}

function wordsOf(part: StreamPart): { id: string; words: string } | undefined {
  if (part.type === 'text-delta') return { id: part.id, words: part.text };
  return part.type === 'tool-call-delta' ? { id: part.id, words: part.arguments } : undefined;
}

describe('several items with one index', () => {
  const reasoning = { type: 'reasoning', id: 'rs', summary: [] };

  it('are told apart by their ids', () => {
    const content = contentOf(
      added(0, reasoning),
      done(0, reasoning),
      added(0, message('m')),
      said('m', 'Hello'),
      done(0, message('m', 'Hello')),
      added(0, call('fc', '')),
      event('function_call_arguments.delta', { item_id: 'fc', delta: '{"x":1}' }),
      done(0, call('fc', '{"x":1}')),
    );
    expect(content).toEqual(['Hello', '{"x":1}']);
  });

  it('may be open at once', () => {
    const content = contentOf(
      added(0, call('a', '')),
      added(0, call('b', '')),
      event('function_call_arguments.delta', { item_id: 'a', delta: '{"a"' }),
      event('function_call_arguments.delta', { item_id: 'b', delta: '{"b"' }),
      event('function_call_arguments.delta', { item_id: 'a', delta: ':1}' }),
      event('function_call_arguments.delta', { item_id: 'b', delta: ':2}' }),
    );
    expect(content).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('may come without an announcement', () => {
    expect(contentOf(done(0, message('m', 'Hello')), done(0, call('a', '{}')), done(0, call('b', { x: 1 })))).toEqual([
      'Hello',
      '{}',
      '{"x":1}',
    ]);
  });
});

it.each<[string, ResponseEvent[]]>([
  ['several ids', [added(0, message('m1')), said('m2', 'Hel'), said('m3', 'lo'), done(0, message('m4', 'Hello'))]],
  [
    'no id',
    [added(0, { type: 'message' }), event('output_text.delta', { delta: 'Hello' }), done(0, { type: 'message' })],
  ],
  [
    'no index',
    [
      { type: 'response.output_item.added', item: message('m') },
      { type: 'response.output_text.delta', item_id: 'm', delta: 'Hello' },
      { type: 'response.output_item.done', item: message('m', 'Hello') },
    ],
  ],
  [
    'an announcement that comes twice',
    [added(0, message('m')), said('m', 'Hel'), added(0, message('m')), said('m', 'lo')],
  ],
])('one item with %s is one', (_, events) => {
  expect(contentOf(...events)).toEqual(['Hello']);
});

const partAdded = (index: number) =>
  event('content_part.added', { item_id: 'm', content_index: index, part: text('') });
const partDone = (index: number, words: string) =>
  event('content_part.done', { item_id: 'm', content_index: index, part: text(words) });

describe('content parts', () => {
  it.each<[string, ResponseEvent[]]>([
    ['an index that counts on over items', [said('m', 'Hello', { content_index: 1 }), done(0, message('m', 'Hello'))]],
    ['an index far off', [said('m', 'Hello', { content_index: 7 }), done(0, message('m', 'Hello'))]],
  ])('come once with %s', (_, events) => {
    expect(contentOf(added(0, message('m')), ...events)).toEqual(['Hello']);
  });

  it('are told apart where they have one index', () => {
    const events = ['one', 'two'].flatMap((words) => [partAdded(0), said('m', words), partDone(0, words)]);
    expect(contentOf(added(0, message('m')), ...events, done(0, message('m', 'one', 'two')))).toEqual(['one', 'two']);
  });

  it('that were not streamed are taken from the finished item', () => {
    const second = said('m', 'two', { content_index: 1 });
    expect(contentOf(added(0, message('m')), second, done(0, message('m', 'one', 'two')))).toEqual(['two', 'one']);
  });
});

describe('the final event', () => {
  it('has what was not streamed', () => {
    const output = [message('m', 'Hello'), call('a', '{"x":1}'), message('n', 'Bye')];
    const content = contentOf(added(0, message('m')), said('m', 'Hel'), completed({ output }));
    expect(content).toEqual(['Hello', 'Bye', '{"x":1}']);
  });

  it('adds nothing to what was streamed under other ids', () => {
    const output = [message('x', 'Hello'), call('y', '{"x":1}')];
    const content = contentOf(said('m', 'Hello'), done(1, call('a', '{"x":1}')), completed({ output }));
    expect(content).toEqual(['Hello', '{"x":1}']);
  });
});

it.each([
  [{ type: 'response.cancelled', response: { status: 'cancelled' } }, 'unavailable'],
  [{ type: 'response.completed', response: { status: 'completed', error: { code: 'server_error' } } }, 'unavailable'],
  [{ error: { code: 'rate_limit_exceeded', message: 'slow' } }, 'rate_limited'],
  [{ detail: 'Internal server error' }, 'unavailable'],
])('%j is a failure', (last, code) => {
  const events: ResponseEvent[] = [said('m', 'Hello'), last];
  expect(() => readerOf(events)).toThrow(expect.objectContaining({ code }));
});

it('reads a whole response that comes as an event', () => {
  const reader = readerOf([{ object: 'response', status: 'completed', output: [message('m', 'Hello')] }]);
  expect(reader.finished).toBe(true);
  reader.end();
  expect(reader.take().flatMap((part) => wordsOf(part)?.words ?? [])).toEqual(['Hello']);
});
