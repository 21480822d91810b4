import { describe, expect, it } from 'vitest';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { FitCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import { ProviderError, type ProviderErrorCode } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { failureOf } from '../testing/failure-of.js';
import { answering, beginning, failing, FOREVER, scriptedProvider } from '../testing/scripted-provider.js';
import { faultsOf } from '../testing/well-formed.js';
import type { NamedModel } from '../spec/policy-config.js';
import type { PolicyEvent } from './policy-event.js';

function chain(more: Partial<NamedModel> = {}) {
  const policies = { retry: { attempts: 1 } };
  const [first, second, third] = ['a', 'b', 'c'].map((id) => scriptedProvider(id, { policies })) as [
    ReturnType<typeof scriptedProvider>,
    ReturnType<typeof scriptedProvider>,
    ReturnType<typeof scriptedProvider>,
  ];
  second.script(answering('from b'));
  third.script(answering('from c'));
  const events: PolicyEvent[] = [];
  const attempts: ModelAttempt[] = [];
  const names = { smart: { model: 'a/m', fallback: ['other', 'c/m'], ...more }, other: 'b/m' };
  const registry = createRegistry([first, second, third], { names, onPolicyEvent: (event) => void events.push(event) });
  const model = registry.resolve('smart');
  const call = { ...say('hi'), report: (attempt: ModelAttempt) => void attempts.push(attempt) };
  const ask = () => generate(model, call, noAbort());
  return { first, second, third, model, call, ask, events, attempts };
}

const at = (provider: string, code: ProviderErrorCode, more = {}) =>
  failing(code, { ref: { provider, model: 'm' }, ...more });

describe('the context window', () => {
  it('is that of each model which is asked, and one that is too small is passed over', async () => {
    const { first, second, third, model, call } = chain({ contextWindow: 10 });
    first.script([at('a', 'overloaded')]);
    const windows: unknown[] = [];
    const fit: FitCall = async ({ ref, contextWindow }, given) => {
      windows.push([ref.provider, contextWindow]);
      if (ref.provider === 'b') throw new ProviderError('context_too_long', { ref, detail: 'too long' });
      return { ...given, prompt: [...given.prompt, ...given.prompt] };
    };
    expect(await collect(model.stream({ ...call, fit }, noAbort()))).toEqual(answering('from c'));
    expect(windows).toEqual([
      ['a', 10],
      ['b', undefined],
      ['c', undefined],
    ]);
    expect([first.calls.length, second.calls.length]).toEqual([1, 0]);
    expect(third.calls[0]?.call.prompt).toHaveLength(2);
  });
});

describe('before the first piece', () => {
  it('the next model answers silently', async () => {
    const { first, third, model, call, events, attempts } = chain();
    first.script([{ type: 'warning', warning: { code: 'unsupported_content', detail: 'w' } }, at('a', 'overloaded')]);
    expect(await collect(model.stream(call, noAbort()))).toEqual(answering('from b'));
    expect(third.calls).toEqual([]);
    expect(events).toMatchObject([
      { type: 'fallback', next: { provider: 'b', model: 'm' }, error: { code: 'overloaded' } },
    ]);
    expect(attempts.map(({ ref, outcome }) => [ref.provider, outcome])).toEqual([
      ['a', 'failed'],
      ['b', 'completed'],
    ]);
  });

  it.each<[ProviderErrorCode, boolean]>([
    ['bad_key', true],
    ['no_access', true],
    ['model_unknown', true],
    ['context_too_long', true],
    ['content_filtered', false],
    ['rate_limited', true],
    ['overloaded', true],
    ['unavailable', true],
    ['timeout', true],
    ['stream_truncated', true],
    ['malformed_response', true],
    ['empty_response', true],
    ['bad_request', false],
  ])('%s falls back: %s', async (code, falls) => {
    const { first, ask } = chain();
    first.script([at('a', code)]);
    const text = await ask().then(
      (answer) => answer.text,
      (error: ProviderError) => error.code,
    );
    expect(text).toBe(falls ? 'from b' : code);
  });

  it('nobody else is asked once the caller has stopped', async () => {
    const { first, second, model, call } = chain();
    first.script([FOREVER]);
    const stop = new AbortController();
    // Even where the reason looks like an error of a provider.
    const reason = at('a', 'timeout');
    const answer = generate(model, call, stop.signal);
    setTimeout(() => stop.abort(reason), 5);
    await expect(answer).rejects.toBe(reason);
    expect(second.calls).toEqual([]);
  });

  it('a reader who leaves ends the call of the model that answers', async () => {
    const { first, second, model, call, attempts } = chain();
    first.script([at('a', 'overloaded')]);
    second.script([...beginning('x', 'y'), FOREVER]);
    for await (const part of model.stream(call, noAbort())) if (part.type === 'text-delta') break;
    expect(attempts.map(({ ref, outcome }) => [ref.provider, outcome])).toEqual([
      ['a', 'failed'],
      ['b', 'aborted'],
    ]);
  });
});

describe('after the first piece', () => {
  const half = [...beginning('half '), at('a', 'unavailable')];

  it('the next model answers anew, and what was said is void', async () => {
    const { first, model, call } = chain();
    first.script(half);
    const parts: StreamPart[] = await collect(model.stream(call, noAbort()));
    expect(parts).toEqual([
      ...beginning('half '),
      { type: 'discard', failed: { provider: 'a', model: 'm' }, next: { provider: 'b', model: 'm' } },
      ...answering('from b'),
    ]);
    expect(faultsOf(parts)).toEqual([]);
  });

  it('a whole answer has nothing of what is void', async () => {
    const { first, ask } = chain();
    first.script([
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', text: 'hm' },
      { type: 'tool-call-start', id: 'x', callId: 'c', name: 'f' },
      { type: 'source', source: { type: 'url', url: 'https://x' } },
      { type: 'usage', usage: { inputTokens: 99 } },
      ...half,
    ]);
    expect(await ask()).toMatchObject({ text: 'from b', reasoning: '', toolCalls: [], sources: [], usage: undefined });
  });

  it('several may fail', async () => {
    const { first, second, model, call } = chain();
    first.script(half);
    second.script([...beginning('two thirds'), at('b', 'stream_truncated')]);
    const parts = await collect(model.stream(call, noAbort()));
    expect(parts.filter(({ type }) => type === 'discard')).toHaveLength(2);
    expect(parts.slice(-4)).toEqual(answering('from c'));
  });

  it('one that fails before its own first piece has nothing to take back', async () => {
    const { first, second, model, call } = chain();
    first.script(half);
    second.script([at('b', 'overloaded')]);
    const parts = await collect(model.stream(call, noAbort()));
    expect(parts.filter(({ type }) => type === 'discard')).toHaveLength(1);
    expect(parts.slice(-4)).toEqual(answering('from c'));
  });

  it('the error is reported when the name is configured so', async () => {
    const { first, second, ask } = chain({ afterFirstToken: 'fail' });
    first.script(half);
    expect(await failureOf(ask())).toMatchObject({ code: 'unavailable', retryable: true });
    expect(second.calls).toEqual([]);
    first.script([at('a', 'overloaded')]);
    expect((await ask()).text).toBe('from b');
  });
});

describe('when all fail', () => {
  it('the error has the last of each', async () => {
    const { first, second, third, ask } = chain();
    first.script([at('a', 'rate_limited', { retryAfterMs: 30_000 })]);
    second.script([at('b', 'bad_key')]);
    third.script([at('c', 'overloaded', { retryAfterMs: 25_000 })]);
    const error = await failureOf(ask());
    expect(error).toMatchObject({ code: 'all_failed', retryable: true, retryAfterMs: 25_000, ref: { provider: 'a' } });
    expect(error.detail).toMatch(/^a\/m: rate_limited .*; b\/m: bad_key .*; c\/m: overloaded /);
    expect((error.cause as AggregateError).errors.map(({ code }: ProviderError) => code)).toEqual([
      'rate_limited',
      'bad_key',
      'overloaded',
    ]);
  });

  it('because the conversation is too long for each, that is what is wrong', async () => {
    const { first, second, third, ask } = chain();
    first.script([at('a', 'context_too_long')]);
    second.script([at('b', 'context_too_long')]);
    third.script([at('c', 'context_too_long')]);
    expect(await failureOf(ask())).toMatchObject({ code: 'context_too_long', retryable: false });
    third.script([at('c', 'overloaded')]);
    expect(await failureOf(ask())).toMatchObject({ code: 'all_failed', retryable: true });
  });

  it('for good, the same again is no use', async () => {
    const { first, second, third, ask } = chain();
    for (const [provider, id] of [
      [first, 'a'],
      [second, 'b'],
      [third, 'c'],
    ] as const)
      provider.script([at(id, 'bad_key')]);
    expect(await failureOf(ask())).toMatchObject({ code: 'all_failed', retryable: false });
  });

  it('an error that no other model could avoid is passed on unchanged', async () => {
    const { first, second, ask } = chain();
    first.script([at('a', 'overloaded')]);
    second.script([at('b', 'content_filtered')]);
    expect(await failureOf(ask())).toMatchObject({ code: 'content_filtered', ref: { provider: 'b' } });
  });

  it('a model without others tells its own error', async () => {
    const provider = scriptedProvider('a', { policies: { retry: { attempts: 1 } } });
    provider.script([at('a', 'unavailable')]);
    const model = createRegistry([provider], { names: { alone: { model: 'a/m', fallback: [] } } }).resolve('alone');
    expect(await failureOf(generate(model, say('hi'), noAbort()))).toMatchObject({ code: 'unavailable' });
  });
});

it('promises what its first model promises, by the settings of the name', () => {
  const { model, first } = chain({ contextWindow: 1_234 });
  expect(model).toMatchObject({ ref: { provider: 'a', model: 'm' }, contextWindow: 1_234 });
  // Tools are described in the instructions of a model without tool support.
  expect(model.capabilities).toEqual(new Set([...first.capabilities, 'tools']));
});

it('has the price of the name, and for others theirs', async () => {
  const usage = { inputTokens: 1, outputTokens: 1 };
  const said = (text: string) => [
    ...answering(text).slice(0, -1),
    { type: 'finish', reason: { unified: 'stop', raw: null }, usage } as const,
  ];
  const priced = scriptedProvider('b', { policies: { prices: { m: { input: 1, output: 1 } } } });
  const broken = scriptedProvider('a', { policies: { retry: { attempts: 1 } } });
  const names = { smart: { model: 'a/m', fallback: ['b/m'], price: { input: 5, output: 5 } } };
  const model = createRegistry([broken, priced], { names }).resolve('smart');
  const costs: unknown[] = [];
  const report = ({ costMicros }: ModelAttempt) => void costs.push(costMicros);
  broken.script(said('x'), [at('a', 'overloaded')]);
  priced.script(said('y'));
  await generate(model, { ...say('hi'), report }, noAbort());
  await generate(model, { ...say('hi'), report }, noAbort());
  expect(costs).toEqual([10, 0, 2]);
});
