import { describe, expect, it } from 'vitest';
import { failureOf } from '../../testing/failure-of.js';
import type { StreamPart } from '../../spec/stream-part.js';
import { DeclaredReader, type ResponseSpec } from './answer-reader.js';
import { failureRules } from './failure-rules.js';

const SPEC: ResponseSpec = { text: ['text', 'message.text'], textIs: 'delta' };

function readerOf(more: Partial<ResponseSpec> = {}): DeclaredReader {
  const spec = { ...SPEC, ...more };
  const context = { ref: { provider: 'p', model: 'm' }, secrets: ['secret-1234'], ...failureRules(spec) };
  return new DeclaredReader(spec, context, () => 'made');
}

/** What a stream of these frames comes to; texts are frames that are no JSON. */
function stream(frames: readonly unknown[], more: Partial<ResponseSpec> = {}, marked = false): readonly StreamPart[] {
  const reader = readerOf(more);
  for (const frame of frames) {
    if (typeof frame === 'string') reader.unreadable(frame);
    else reader.frame(frame);
  }
  reader.end(marked);
  return reader.take();
}

const textOf = (parts: readonly StreamPart[]) =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
const failure = (work: () => unknown) => failureOf(Promise.resolve().then(work));

describe('text', () => {
  it('is joined from what is new', () => {
    expect(textOf(stream([{ text: 'a' }, { other: 1 }, { message: { text: 'b' } }]))).toBe('ab');
  });

  it('is what is new of all of it so far', () => {
    const frames = [{ text: 'Hel' }, { text: 'Hel' }, { text: 'Hello ' }, { text: 'Hello' }];
    expect(textOf(stream(frames, { textIs: 'cumulative' }))).toBe('Hello ');
  });

  it('that does not go on from what was said is no such answer', async () => {
    const error = await failure(() => stream([{ text: 'Hello' }, { text: ' there' }], { textIs: 'cumulative' }));
    expect([error.code, error.detail]).toEqual(['malformed_response', expect.stringContaining('does not go on')]);
  });

  it('may be a list, or a number', () => {
    expect(textOf(stream([{ text: ['a', 'b'] }, { text: 1 }]))).toBe('ab1');
  });

  it('stands beside what the model thinks', () => {
    const frames = [{ thought: 'Hm' }, { thought: 'Hm.' }, { text: 'a' }];
    const parts = stream(frames, { textIs: 'cumulative', reasoning: ['thought'] });
    expect(parts.map((part) => ('text' in part ? `${part.type} ${part.text}` : part.type))).toEqual([
      'reasoning-start',
      'reasoning-delta Hm',
      'reasoning-delta .',
      'reasoning-end',
      'text-start',
      'text-delta a',
      'text-end',
      'finish',
    ]);
  });
});

describe('an answer that fits no path', () => {
  it('fails with the paths and the keys that were seen', async () => {
    const reader = readerOf();
    reader.whole({ id: 1, choices: [{ content: 'x' }], note: 'secret-1234' });
    const error = await failure(() => reader.end(true));
    expect(error.code).toBe('malformed_response');
    expect(error.detail).toBe('there is no text at text, message.text; seen: id, choices[].content, note');
  });

  it('fails with the keys of all frames', async () => {
    const error = await failure(() => stream([{ a: 1 }, { b: { c: 1 } }, { a: 2 }]));
    expect(error.detail).toContain('seen: a, b.c');
  });

  it('is another thing than one without a word', async () => {
    expect((await failure(() => stream([{ text: '' }]))).code).toBe('empty_response');
    expect((await failure(() => stream([]))).code).toBe('empty_response');
  });

  it('may be one that a filter has cut', () => {
    const parts = stream([{ why: 'SAFETY' }], { finish: ['why'] });
    expect(parts).toEqual([{ type: 'finish', reason: { unified: 'content_filter', raw: 'SAFETY' } }]);
  });
});

describe('frames that are no JSON', () => {
  it('are counted, and do not end the answer', () => {
    const parts = stream([{ text: 'a' }, 'oops', { text: 'b' }, '<!--']);
    expect(textOf(parts)).toBe('ab');
    expect(parts).toContainEqual({
      type: 'warning',
      warning: expect.objectContaining({ code: 'unknown_frames', count: 2 }),
    });
  });

  it('are no answer when there is nothing else', async () => {
    const error = await failure(() => stream(['who', 'are', 'you secret-1234?']));
    expect(error.code).toBe('malformed_response');
    expect(error.detail).toBe('none of 3 frames is JSON; they have 25 characters');
  });

  it('are one body that is not streamed, when together they are JSON', () => {
    expect(textOf(stream(['{', '"text": "all"', '}'], { done: 'END' }))).toBe('all');
  });
});

describe('the end of a stream', () => {
  it.each<[string, Partial<ResponseSpec>, unknown[]]>([
    ['a path with a value', { done: { path: ['type'], is: 'end' } }, [{ text: 'a', type: 'token' }, { type: 'end' }]],
    ['a path with any value', { done: { path: ['done'] } }, [{ text: 'a', done: false }, { done: true }]],
    ['a reason to finish', { finish: ['why'] }, [{ text: 'a' }, { why: 'stop' }]],
  ])('is %s, without which it is truncated', async (_, more, frames) => {
    expect(textOf(stream(frames, more))).toBe('a');
    expect((await failure(() => stream(frames.slice(0, 1), more))).code).toBe('stream_truncated');
  });

  it('is a marker, or [DONE], without which it is truncated', async () => {
    const reader = readerOf({ done: 'END' });
    expect([reader.ends({ data: ' END ' }), reader.ends({ data: '{"text":"END"}' })]).toEqual([true, false]);
    expect(textOf(stream([{ text: 'a' }], { done: 'END' }, true))).toBe('a');
    expect((await failure(() => stream([{ text: 'a' }], { done: 'END' }))).code).toBe('stream_truncated');
  });

  it('is the end of the body where nothing is declared', () => {
    expect(stream([{ text: 'a' }]).at(-1)).toEqual({ type: 'finish', reason: { unified: 'stop', raw: null } });
  });

  it('is not reached while more than the reason may come', () => {
    const reader = readerOf({ finish: ['why'], usage: { input: ['in'] } });
    expect(reader.frame({ text: 'a', why: 'stop' })).toBe(false);
    expect(reader.finished).toBe(true);
    reader.frame({ in: 4 });
    reader.end(false);
    expect(reader.take().at(-1)).toMatchObject({ usage: { inputTokens: 4 } });
  });
});

describe('finish and usage', () => {
  it.each([
    ['stop', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['TIRED', 'length'],
    ['whatever', 'other'],
  ])('%s is %s', (raw, unified) => {
    const parts = stream([{ text: 'a', why: raw }], { finish: ['why'], finishReasons: { TIRED: 'length' } });
    expect(parts.at(-1)).toMatchObject({ reason: { unified, raw } });
  });

  it('takes the last numbers of all', () => {
    const usage = { input: ['u.in'], output: ['u.out'], total: ['u.all'] };
    const parts = stream([{ u: { in: 3, out: 1 } }, { text: 'a', u: { out: 2, all: '5' } }], { usage });
    expect(parts.at(-1)).toMatchObject({ usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } });
  });
});

describe('tool calls', () => {
  const toolCalls = { list: ['calls'], id: ['id'], name: ['fn.name'], arguments: ['fn.args'] };

  it('are read whole, and get an id where they have none', () => {
    const calls = [{ id: 7, fn: { name: 'f', args: { a: 1 } } }, { fn: { name: 'g', args: '{}' } }, { fn: {} }];
    const parts = stream([{ calls }], { toolCalls });
    expect(parts.filter(({ type }) => type === 'tool-call-start')).toMatchObject([
      { callId: '7', name: 'f' },
      { callId: 'made', name: 'g' },
    ]);
    expect(parts.filter((part) => part.type === 'tool-call-delta').map((part) => part.arguments)).toEqual([
      '{"a":1}',
      '{}',
    ]);
  });
});

describe('failures', () => {
  const declared = { error: ['fault'], errorCode: ['fault.code', 'code'], errorMessage: ['fault.text'] };

  it.each<[string, unknown, string, string]>([
    ['by the words of the operator', { fault: { code: 'QUOTA', text: 'no money' } }, 'no_access', 'QUOTA no money'],
    ['by the words that many use', { fault: { code: 'rate_limit_error' } }, 'rate_limited', 'rate_limit_error'],
    ['by a number that is a status', { fault: true, code: 429 }, 'rate_limited', '429'],
    ['by a number of the API', { fault: { code: 17 } }, 'overloaded', '17'],
    ['without any word', { fault: 'out of order' }, 'unavailable', 'out of order'],
  ])('are understood %s', async (_, json, code, detail) => {
    const error = await failure(() =>
      stream([{ text: 'a' }, json], { ...declared, errors: { QUOTA: 'no_access', '17': 'overloaded' } }),
    );
    expect([error.code, error.detail]).toEqual([code, expect.stringContaining(detail)]);
  });

  it.each([null, false, '', []])('are none where the error is %j', (fault) => {
    expect(textOf(stream([{ text: 'a', fault }], declared))).toBe('a');
  });
});
