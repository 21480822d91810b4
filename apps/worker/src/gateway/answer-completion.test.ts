import { describe, expect, it } from 'vitest';
import {
  createRegistry,
  HookRefusal,
  type Provider,
  ProviderError,
  type ProviderOptions,
  type Registry,
  type StreamPart,
} from '#providers';
import { scriptedModel } from '#providers/testing';
import { UsageMeter } from '../attempt/usage-meter.js';
import { Hooks } from '../hooks/hooks.js';
import type { RunAttempt } from '../attempt/run-attempt.js';
import { processClock } from '../testing/process-clock.js';
import { answerCompletion, type AnswerCompletionDeps } from './answer-completion.js';

const ANSWER: StreamPart[] = [
  { type: 'warning', warning: { code: 'unsupported_setting', setting: 'seed', detail: 'no seeds here' } },
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', text: 'Hello' },
  { type: 'text-end', id: 't' },
  { type: 'usage', usage: { inputTokens: 1 } },
  { type: 'finish', reason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: 3, outputTokens: 1 } },
];

interface StageOptions {
  readonly answer?: readonly (StreamPart | Error)[];
  readonly request?: object;
  readonly options?: ProviderOptions;
  readonly hooks?: ConstructorParameters<typeof Hooks>[0];
  /** In place of the scripted model alone. */
  readonly registry?: Pick<Registry, 'resolve'>;
}

/** A claimed completion over a scripted model, with a cache in memory. */
function stage({ answer = ANSWER, request = {}, options = {}, hooks, registry }: StageOptions = {}) {
  const model = scriptedModel(answer);
  const logged: unknown[] = [];
  const written: string[] = [];
  const cached = new Map<string, string>();
  const logger = { warn: (fields: unknown) => void logged.push(fields), error: () => undefined };
  const deps = {
    registry: registry ?? { resolve: () => model },
    cache: {
      get: async (key: string) => cached.get(key),
      set: async (key: string, value: string) => cached.set(key, value),
    },
    hooks: new Hooks(hooks),
    clock: processClock,
    settings: { cache: { ttlSeconds: 60, maxEntryBytes: 10_000 }, responseOptions: () => options },
  } as unknown as AnswerCompletionDeps;
  const completion = { model: 'fast', messages: [{ role: 'user', content: 'Hi' }], ...request };
  const claim = {
    runId: 'run_1',
    tenantId: 'acme',
    ownerId: 'ada',
    threadId: '',
    request: { completion },
    context: {},
  };
  const meter = new UsageMeter();
  const attempt = {
    run: { claim, signal: new AbortController().signal },
    writer: { write: (frames: string) => void written.push(frames) },
    meter,
    logger,
  } as unknown as RunAttempt;
  const ask = () => answerCompletion(deps, attempt);
  return { ask, model, logged, written, meter };
}

describe('the answer to a request of the gateway', () => {
  it('is asked for in the name of the caller, and counted', async () => {
    const { ask, model, meter } = stage();
    await ask();
    expect(model.calls).toMatchObject([{ caller: { tenantId: 'acme', userId: 'ada', runId: 'run_1' } }]);
    expect(model.calls[0]?.caller).not.toHaveProperty('threadId');
    expect(model.calls[0]?.report).toBe(meter.recordAnswer);
    expect(meter.firstTextAt).toBeInstanceOf(Date);
  });

  it('fails as the model does', async () => {
    const { ask } = stage({ answer: [...ANSWER.slice(0, 5), new Error('cut')] });
    await expect(ask()).rejects.toThrow('cut');
  });

  it('logs what the model did not get', async () => {
    const { ask, logged } = stage();
    await ask();
    expect(logged).toMatchObject([{ code: 'unsupported_setting', setting: 'seed' }]);
  });

  it('tells the caller what the model did not get, in front of everything else', async () => {
    const streamed = stage({ request: { stream: true } });
    const end = await streamed.ask();
    expect(streamed.written[0]).toMatch(/^: warnings seed: no seeds here\n\ndata: /);
    expect(end).not.toContain('warnings');
    expect(await stage().ask()).toMatch(/^: warnings seed: no seeds here\n\n\{"id"/);
    expect(await stage({ answer: ANSWER.slice(1) }).ask()).toMatch(/^\{"id"/);
  });

  it('tells the caller of a picture that could not be made', async () => {
    const failed: StreamPart[] = [
      { type: 'image-start', id: 'i', callId: 'c' },
      { type: 'image-failed', id: 'i' },
    ];
    const { ask, logged } = stage({ answer: [...failed, ...ANSWER.slice(1)] });
    expect(await ask()).toMatch(/^: warnings a picture of the answer could not be made\n\n\{"id"/);
    expect(logged).toEqual(['a picture of the answer could not be made']);
  });

  it('must have what the caller would not notice the loss of', async () => {
    const { ask, model } = stage();
    await ask();
    expect([...(model.calls[0]?.mustHave ?? [])]).toEqual(['images', 'files', 'response_format']);
  });

  it('is written as it comes when it is streamed, but for its end', async () => {
    const { ask, written } = stage({ request: { stream: true } });
    const last = await ask();
    expect(written).toHaveLength(1);
    expect(written[0]).toContain('"content":"Hello"');
    expect(last).toMatch(/"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/);
  });

  it.each([
    [false, 'as a rule', {}],
    [true, 'where the caller limits its tokens', { max_completion_tokens: 1 }],
    [
      true,
      'where it follows what a tool has done',
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: 'c', content: 'done' },
        ],
      },
    ],
  ])('may hold nothing: %s, %s', async (mayBeEmpty, _, request) => {
    const { ask, model } = stage({ request });
    await ask();
    expect(model.calls).toMatchObject([{ mayBeEmpty }]);
  });

  it('is refused when it must be JSON, and the model has no option for that', async () => {
    const json = { response_format: { type: 'json_object' } };
    const unable = stage({ request: json, options: { other: { response_format: {} } } });
    await expect(unable.ask()).rejects.toMatchObject({ name: 'UnsupportedError', param: 'response_format' });
    expect(unable.model.calls).toEqual([]);
    const options = { scripted: { format: 'json' } };
    const able = stage({ request: json, options });
    await able.ask();
    expect(able.model.calls).toMatchObject([{ providerOptions: options }]);
  });

  it('has the fields that its provider knows, and none that changes the answer is dropped without a word', async () => {
    const unknown = stage({ request: { min_p: 0.1 }, options: { scripted: { response_format: {} } } });
    await expect(unknown.ask()).rejects.toMatchObject({ name: 'UnsupportedError', param: 'min_p' });
    const options = { scripted: { min_p: 0.1 } };
    const known = stage({ request: { min_p: 0.1, top_k: 5, user: 'ada', logit_bias: null }, options });
    await known.ask();
    expect(known.model.calls).toMatchObject([{ providerOptions: options, settings: { topK: 5 } }]);
  });

  it('is seen by hooks also when the cache has it', async () => {
    let asked = 0;
    const before = () => {
      if (++asked > 1) throw new HookRefusal('Enough.');
    };
    const { ask, model } = stage({ hooks: { before } });
    await ask();
    await expect(ask()).rejects.toThrow('Enough.');
    expect(model.calls).toHaveLength(1);
  });
});

describe('a fallback', () => {
  const busy = new ProviderError('overloaded', { ref: { provider: 'first', model: 'm' }, detail: 'busy' });

  /** A name for models of these providers, of which the first fails. */
  function chainOf(...ids: readonly [string, ...string[]]) {
    const models = ids.map((provider, index) => ({
      ...scriptedModel(index === 0 ? [busy] : ANSWER.slice(1)),
      ref: { provider, model: 'm' },
    }));
    const providers = models.map((model) => {
      const { provider: id } = model.ref;
      return {
        id,
        name: id,
        defaultModel: 'm',
        capabilities: model.capabilities,
        model: () => model,
        policies: { retry: { attempts: 1 } },
      };
    });
    const [model, ...fallback] = ids.map((id) => `${id}/m`);
    const names = { fast: { model: model as string, fallback } };
    return { models, registry: createRegistry(providers as unknown as Provider[], { names }) };
  }

  const json = { response_format: { type: 'json_object' } };
  const options = { first: { format: 'json', logit_bias: {} }, third: { format: 'json', logit_bias: {} } };

  it('that cannot be made to answer in JSON is passed over', async () => {
    const { models, registry } = chainOf('first', 'second', 'third');
    const end = await stage({ request: json, options, registry }).ask();
    expect(end).toMatch(/^\{"id"/);
    expect(models.map(({ calls }) => calls.length)).toEqual([1, 0, 1]);
  });

  it('that is the last one, and cannot, is a failure of all', async () => {
    const { models, registry } = chainOf('first', 'second');
    await expect(stage({ request: json, options, registry }).ask()).rejects.toMatchObject({
      code: 'all_failed',
      detail: expect.stringContaining('cannot be made to answer in JSON') as string,
    });
    expect(models.map(({ calls }) => calls.length)).toEqual([1, 0]);
  });

  it('answers without other fields that its provider has no place for, and says so', async () => {
    const { registry } = chainOf('first', 'second');
    const end = await stage({ request: { logit_bias: { '1': 2 } }, options, registry }).ask();
    expect(end).toMatch(/^: warnings logit_bias: the fallback second has no field for it\n\n\{"id"/);
  });
});
