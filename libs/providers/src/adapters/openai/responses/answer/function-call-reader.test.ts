import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../../spec/stream-part.js';
import { added, done, event, partsOf } from '../../../../testing/response-events.js';

const argumentsOf = (parts: readonly StreamPart[]) =>
  parts.flatMap((part) => (part.type === 'tool-call-delta' ? [part.arguments] : [])).join('');

describe('function calls', () => {
  const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', arguments: '' };

  it.each([
    ['in deltas', [added(0, call), event('function_call_arguments.delta', { delta: '{"a":1}' })]],
    ['at the end', [added(0, call), event('function_call_arguments.done', { arguments: '{"a":1}' })]],
    ['with the item alone', [done(0, { ...call, arguments: '{"a":1}' })]],
    [
      'before the name',
      [event('function_call_arguments.delta', { delta: '{"a":1}' }), done(0, { ...call, arguments: undefined })],
    ],
    [
      'in part before the name',
      [event('function_call_arguments.delta', { delta: '{"a"' }), done(0, { ...call, arguments: '{"a":1}' })],
    ],
    [
      'again and again',
      [
        added(0, call),
        event('function_call_arguments.delta', { delta: '{"a":1}' }),
        event('function_call_arguments.done', { arguments: '{"a":1}' }),
        done(0, { ...call, arguments: '{"a":1}' }),
        done(0, { ...call, arguments: '{"a":1}' }),
        event('function_call_arguments.delta', { delta: '{"late":1}' }),
      ],
    ],
  ])('have their arguments %s', (_, events) => {
    const parts = partsOf(...events);
    expect(parts.filter((part) => part.type === 'tool-call-start')).toEqual([
      { type: 'tool-call-start', id: 'tool-call-0', callId: 'c1', name: 'f' },
    ]);
    expect(argumentsOf(parts)).toBe('{"a":1}');
  });

  it('get an id of ours when they have none, and are lost without a name', () => {
    expect(partsOf(done(0, { type: 'function_call', name: 'f' }))[0]).toMatchObject({ callId: 'made' });
    expect(partsOf(done(0, { ...call, name: '' }))).toEqual([]);
  });
});
