import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { estimateInputTokens } from '../accounting/estimate-tokens.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { FinishReason, StreamPart } from '../spec/stream-part.js';
import { eventually, guarded } from '../testing/guarded.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { failureOf } from '../testing/failure-of.js';
import { answering, scriptedProvider } from '../testing/scripted-provider.js';

const finish = (unified: FinishReason['unified'] = 'stop', raw: string | null = null): StreamPart => ({
  type: 'finish',
  reason: { unified, raw },
  usage: { inputTokens: 7, outputTokens: 0 },
});
const thought: StreamPart[] = [
  { type: 'reasoning-start', id: 'r' },
  { type: 'reasoning-delta', id: 'r', text: 'hm' },
  { type: 'reasoning-end', id: 'r' },
];
const announced: StreamPart = { type: 'image-start', id: 'i', callId: 'c' };
const text = (...pieces: readonly string[]): StreamPart[] => answering(...pieces).slice(0, -1);
const once = { retry: { attempts: 1 } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an answer that is complete and holds nothing', () => {
  it.each<[string, StreamPart[]]>([
    ['at all', [finish()]],
    ['but a text without a word', [...text(), finish()]],
    ['but a text of no length', [...text(''), finish()]],
    ['but thoughts', [...thought, finish()]],
    ['but a picture that failed', [announced, { type: 'image-failed', id: 'i' }, finish()]],
    ['but thoughts between tags', [...text('<think>hm</think>'), finish()]],
  ])('%s is a failure', async (_, parts) => {
    const { ask, attempts } = guarded(once, parts);
    const error = await failureOf(eventually(ask()));
    expect(error).toMatchObject({ code: 'empty_response', ref: { provider: 'p', model: 'm' } });
    expect(error.detail).toBe('the model finished (stop) without any text');
    expect(attempts).toMatchObject([{ outcome: 'failed', error: { code: 'empty_response' } }]);
    expect(attempts[0]?.usage.inputTokens).toBe(7);
  });

  it('is the filter’s doing where the model says so, and not tried again', async () => {
    const { ask, provider } = guarded({}, [finish('content_filter', 'SAFETY')]);
    const error = await failureOf(eventually(ask()));
    expect(error).toMatchObject({ code: 'content_filtered', detail: expect.stringContaining('SAFETY') as string });
    expect(provider.calls).toHaveLength(1);
  });

  it.each<[string, StreamPart[]]>([
    ['a call of a tool', [{ type: 'tool-call-start', id: 'x', callId: 'c', name: 'f' }, finish('tool_calls')]],
    ['a picture', [announced, { type: 'image-end', id: 'i', mediaType: 'image/png', data: 'AA==' }, finish()]],
    ['a pause of the provider', [finish('pause')]],
  ])('is not %s', async (_, parts) => {
    const { model, call, attempts } = guarded({}, parts);
    expect(await collect(model.stream(call, noAbort()))).toEqual(parts);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['completed']);
  });

  it('is fine for a call that says so', async () => {
    const { model, call, attempts } = guarded({}, [...thought, finish()]);
    expect(await collect(model.stream({ ...call, mayBeEmpty: true }, noAbort()))).toEqual([...thought, finish()]);
    expect(attempts).toMatchObject([{ outcome: 'completed', usage: { inputTokens: 7 } }]);
  });

  it('is requested again, without a trace in the answer, while nothing has been shown', async () => {
    const { model, call, provider, events } = guarded({}, [...text(), finish()], [finish()], answering('hi'));
    expect(await eventually(collect(model.stream(call, noAbort())))).toEqual(answering('hi'));
    expect(provider.calls).toHaveLength(3);
    expect(events.map(({ type }) => type)).toEqual(['retry', 'retry']);
  });

  it.each<[string, StreamPart[]]>([
    ['after thoughts that were shown', [...thought, finish()]],
    ['where a limit of tokens was spent', [finish('length')]],
  ])('is not asked for again %s', async (_, parts) => {
    const { ask, provider } = guarded({}, parts);
    expect(await failureOf(eventually(ask()))).toMatchObject({ code: 'empty_response' });
    expect(provider.calls).toHaveLength(1);
  });

  it.each<[string, StreamPart[]]>([
    ['silently', [finish('length')]],
    ['and its thoughts are taken back', [...thought, finish()]],
  ])('is another model’s turn, %s', async (_, parts) => {
    const [first, second] = [scriptedProvider('a', { policies: once }), scriptedProvider('b')];
    first.script(parts);
    second.script(answering('from b'));
    const model = createRegistry([first, second], { names: { both: { model: 'a/m', fallback: ['b/m'] } } }).resolve(
      'both',
    );
    expect(await generate(model, say('hi'), noAbort())).toMatchObject({ text: 'from b', reasoning: '' });
  });

  it('leaves no breaker open, for the provider is there', async () => {
    const { ask, provider } = guarded({ ...once, breaker: { failures: 1 } }, [finish()]);
    for (let time = 1; time <= 2; time++) await failureOf(eventually(ask()));
    expect(provider.calls).toHaveLength(2);
  });

  it('gives the connection of its model back', async () => {
    const { provider, ask } = guarded(once);
    let isClosed = false;
    const model = provider.model('m');
    provider.model = () => ({
      ...model,
      async *stream() {
        try {
          yield finish();
        } finally {
          isClosed = true;
        }
      },
    });
    await failureOf(eventually(ask()));
    expect(isClosed).toBe(true);
  });
});

it('an answer that holds nothing costs what was asked, where the provider does not say what', async () => {
  const { ask, attempts, call } = guarded(once, [{ type: 'finish', reason: { unified: 'stop', raw: null } }]);
  await failureOf(eventually(ask()));
  const usage = { inputTokens: estimateInputTokens(call), outputTokens: 0 };
  expect(attempts).toMatchObject([{ usageIs: 'estimated', usage }]);
});
