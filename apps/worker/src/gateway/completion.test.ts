import { describe, expect, it } from 'vitest';
import type { FinishReason, StreamPart } from '#providers';
import type { Completion } from './completion.js';
import { StreamedCompletion } from './streamed-completion.js';
import { WholeCompletion } from './whole-completion.js';

const head = { id: 'chatcmpl-1', created: 5, model: 'fast' };
const ref = { provider: 'p', model: 'm' };
const stop: FinishReason = { unified: 'stop', raw: 'stop' };
const delta = (text: string): StreamPart => ({ type: 'text-delta', id: 't', text });
const discard: StreamPart = { type: 'discard', failed: ref, next: { provider: 'q', model: 'n' } };
const call = (id: string): StreamPart[] => [
  { type: 'tool-call-start', id, callId: `call_${id}`, name: 'f' },
  { type: 'tool-call-end', id },
];
const picture = (data: string): StreamPart[] => [
  { type: 'image-start', id: 'i', callId: 'c' },
  { type: 'image-preview', id: 'i', index: 0, mediaType: 'image/png', data: 'blurred' },
  { type: 'image-end', id: 'i', mediaType: 'image/webp', data },
];
/** As OpenRouter's clients know it. */
const shown = (data: string, index: number) => ({
  type: 'image_url',
  image_url: { url: `data:image/webp;base64,${data}` },
  index,
});
const source: StreamPart = { type: 'source', source: { type: 'url', url: 'https://x', title: 'X', endIndex: 2 } };

const streamed = (includeUsage = false) => new StreamedCompletion(head, ref, { includeUsage });
const play = (completion: Completion, parts: readonly StreamPart[], finish = stop, usage = {}) =>
  parts.map((part) => completion.accept(part)).join('') + completion.end(finish, usage);

interface Chunk {
  readonly choices: readonly { readonly delta: Record<string, unknown>; readonly finish_reason: string | null }[];
  readonly usage?: unknown;
}
const chunksOf = (text: string): Chunk[] =>
  text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: {'))
    .map((frame) => JSON.parse(frame.slice('data: '.length)) as Chunk);

describe('an answer in chunks', () => {
  it('has no chunk before the model answers', () => {
    const completion = streamed();
    const silent: StreamPart[] = [
      { type: 'text-start', id: 't' },
      { type: 'warning', warning: { code: 'unsupported_content', detail: 'd' } },
      { type: 'usage', usage: { inputTokens: 1 } },
      delta(''),
      discard,
    ];
    expect(silent.map((part) => completion.accept(part))).toEqual(['', '', '', '', '']);
    expect(completion.accept(delta('a'))).toContain('"role":"assistant"');
    expect(completion.accept(delta('b'))).not.toContain('role');
  });

  it('cannot be withdrawn for another model', () => {
    const completion = streamed();
    completion.accept(delta('a'));
    expect(() => completion.accept(discard)).toThrow('cannot be withdrawn for q/n');
  });

  it('is well-formed whatever the model answers', () => {
    const wild = '"}\n\n\ud83c data: [DONE]';
    const chunks = chunksOf(play(streamed(), [delta(wild)]));
    expect(chunks[1]).toMatchObject({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 5, model: 'fast' });
    expect(chunks[1]?.choices).toEqual([{ index: 0, delta: { content: wild }, logprobs: null, finish_reason: null }]);
  });

  it('ends with the usage where it was asked for, and always with [DONE]', () => {
    const usage = { inputTokens: 3, outputTokens: 4, cachedInputTokens: 1, reasoningTokens: 2 };
    const text = play(streamed(true), [delta('a')], stop, usage);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(chunksOf(text).map((chunk) => chunk.usage)).toEqual([
      null,
      null,
      null,
      {
        prompt_tokens: 3,
        completion_tokens: 4,
        total_tokens: 7,
        prompt_tokens_details: { cached_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    ]);
    expect(play(streamed(), [delta('a')], stop, usage)).not.toContain('usage');
  });

  it('numbers tool calls, gives those without arguments an empty object, and cites pages', () => {
    const chunks = chunksOf(play(streamed(), [...call('a'), ...call('b'), source]));
    const deltas = chunks.flatMap(({ choices }) => choices.map((choice) => choice.delta));
    const calls = deltas.flatMap((one) => (one['tool_calls'] ?? []) as { index: number; function: object }[]);
    expect(calls.map((one) => one.index)).toEqual([0, 0, 1, 1]);
    expect(calls[1]?.function).toEqual({ arguments: '{}' });
    expect(deltas.flatMap((one) => one['annotations'] ?? [])).toEqual([
      { type: 'url_citation', url_citation: { url: 'https://x', title: 'X', start_index: 0, end_index: 2 } },
    ]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('has pictures as they are made, whole and once', () => {
    const chunks = chunksOf(play(streamed(), [...picture('AA'), delta('b'), ...picture('CC')]));
    const deltas = chunks.flatMap(({ choices }) => choices.map((choice) => choice.delta));
    expect(deltas[0]).toEqual({ role: 'assistant', content: '' });
    expect(deltas.flatMap((one) => one['images'] ?? [])).toEqual([shown('AA', 0), shown('CC', 1)]);
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['pause', 'stop'],
    ['other', 'stop'],
  ] as const)('finishes %s as %s', (unified, word) => {
    const text = play(streamed(), [delta('a')], { unified, raw: null });
    expect(chunksOf(text).at(-1)?.choices[0]?.finish_reason).toBe(word);
    const reason = { unified, raw: null };
    const whole = play(new WholeCompletion(head, ref), [{ type: 'finish', reason }], reason);
    expect(whole).toContain(`"finish_reason":"${word}"`);
  });

  it('is a failure when the model reports that it failed', () => {
    expect(() => streamed().end({ unified: 'error', raw: 'oops' }, undefined)).toThrow('the model ended with oops');
  });
});

describe('a whole answer', () => {
  it('has its pictures, and none of a model whose answer was withdrawn', () => {
    const parts = [...picture('AA'), discard, ...picture('BB'), ...picture('CC')];
    const finish: StreamPart = { type: 'finish', reason: stop };
    const completion = JSON.parse(play(new WholeCompletion(head, ref), [...parts, finish])) as {
      choices: { message: object }[];
    };
    expect(completion.choices[0]?.message).toEqual({
      role: 'assistant',
      content: '',
      refusal: null,
      images: [shown('BB', 0), shown('CC', 1)],
    });
  });

  it('is what counts after another model has taken over', () => {
    const parts: StreamPart[] = [source, delta('wrong'), discard, delta('right'), ...call('a')];
    const finish: StreamPart = { type: 'finish', reason: stop };
    const completion = JSON.parse(play(new WholeCompletion(head, ref), [...parts, finish])) as Record<string, unknown>;
    expect(completion).toEqual({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'right',
            refusal: null,
            tool_calls: [{ id: 'call_a', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: expect.objectContaining({ prompt_tokens: 0, completion_tokens: 0 }) as object,
    });
  });
});
