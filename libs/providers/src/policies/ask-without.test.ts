import { expect, it } from 'vitest';
import type { PolicyEvent } from './policy-event.js';
import { MemoryPolicyState } from './memory-policy-state.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import { noAbort, say } from '../testing/prompts.js';
import { answering, failing, scriptedProvider, type Step } from '../testing/scripted-provider.js';
import type { Feature, RefusedFeature } from '../spec/feature.js';

const refusing = (feature: Feature, lasts = true, more: Partial<RefusedFeature> = {}) =>
  failing('bad_request', { status: 400, detail: `no ${feature}`, refused: [{ feature, lasts, ...more }] });

const SETTINGS: NonNullable<ModelCall['settings']> = {
  temperature: 0.5,
  topP: 0.9,
  seed: 1,
  stop: ['x'],
  reasoningEffort: 'low',
};
const whole: ModelCall = { ...say('hi'), settings: SETTINGS };

/** A model that follows these scripts, as two workers with the same state call it. */
function model(...scripts: (readonly Step[])[]) {
  let now = 0;
  const provider = scriptedProvider('p', { policies: { retry: { attempts: 2, firstWaitMs: 1 } } });
  provider.script(...scripts);
  const state = new MemoryPolicyState(() => now);
  const events: PolicyEvent[] = [];
  const attempts: ModelAttempt[] = [];
  const worker = () =>
    createRegistry([provider], { state, now: () => now, onPolicyEvent: (event) => void events.push(event) });
  const workers = [worker(), worker()];
  return {
    provider,
    events,
    attempts,
    pass: (ms: number) => void (now += ms),
    ask: (call = whole, number = 0) =>
      generate(
        (workers[number] as (typeof workers)[number]).resolve('p/m'),
        { ...call, report: (attempt) => void attempts.push(attempt) },
        noAbort(),
      ),
    asked: () => provider.calls.map(({ call }) => call.settings),
  };
}

const without = (...settings: string[]) =>
  Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => !settings.includes(name)));

it('asks once more without what was refused, and says so', async () => {
  const { ask, asked, events, attempts } = model([refusing('temperature')], answering('ok'));
  const { text, warnings } = await ask();
  expect([text, warnings]).toEqual(['ok', [expect.objectContaining({ setting: 'temperature' }) as unknown]]);
  expect(asked()).toEqual([SETTINGS, without('temperature')]);
  expect(attempts).toMatchObject([{ outcome: 'failed', usage: {} }, { outcome: 'completed' }]);
  expect(events).toMatchObject([{ type: 'features_refused', features: ['temperature'], forMs: 86_400_000 }]);
});

it('asks exactly once more for the same', async () => {
  const { ask, asked } = model([refusing('temperature')]);
  await expect(ask()).rejects.toMatchObject({ code: 'bad_request' });
  expect(asked()).toHaveLength(2);
});

it('answers three different refusals and no more', async () => {
  const all = [refusing('temperature'), refusing('top_p'), refusing('seed'), refusing('stop')].map((error) => [error]);
  const { ask, asked } = model(...all, answering('ok'));
  await expect(ask()).rejects.toMatchObject({ detail: 'no stop' });
  expect(asked()).toHaveLength(4);
});

it('remembers it in all workers, for a day', async () => {
  const { ask, asked, pass, events } = model([refusing('temperature')], answering('ok'));
  await ask();
  await ask(whole, 0);
  await ask(whole, 1);
  expect(asked().slice(2)).toEqual([without('temperature'), without('temperature')]);
  expect(events).toMatchObject([{ error: {} }, { type: 'features_refused', features: ['temperature'] }]);
  pass(86_400_001);
  await ask(whole, 0);
  expect(asked().at(-1)).toEqual(SETTINGS);
});

it('remembers nothing of a value, nor what another request did not help', async () => {
  const value = model([refusing('temperature', false)], answering('ok'));
  await value.ask();
  await value.ask();
  expect(value.asked().at(-1)).toEqual(SETTINGS);
  const other = model([refusing('temperature')], [failing('bad_request')], answering('ok'));
  await expect(other.ask()).rejects.toThrow('bad_request');
  await other.ask();
  expect(other.asked().at(-1)).toEqual(SETTINGS);
});

it('remembers an effort by its value', async () => {
  const { ask, asked } = model([refusing('reasoning')], answering('ok'));
  await ask();
  await ask({ ...whole, settings: { reasoningEffort: 'high' } });
  expect(asked().slice(1)).toEqual([without('reasoningEffort'), { reasoningEffort: 'high' }]);
});

it('goes on without it when the request is tried again', async () => {
  const { ask, asked } = model([refusing('temperature')], [failing('unavailable')], answering('ok'));
  await ask();
  expect(asked()).toEqual([SETTINGS, without('temperature'), without('temperature')]);
});

it('never asks without what the caller must have', async () => {
  const { ask, asked } = model([refusing('temperature')]);
  await expect(ask({ ...whole, mustHave: new Set(['temperature'] as const) })).rejects.toThrow('no temperature');
  expect(asked()).toHaveLength(1);
});

it('does not ask again once a part of the answer was there', async () => {
  const { ask, asked } = model([...answering('a').slice(0, 2), refusing('temperature')]);
  await expect(ask()).rejects.toThrow('no temperature');
  expect(asked()).toHaveLength(1);
});

it('replaces a picture by a remark, and says that content was lost', async () => {
  const { ask, provider } = model([refusing('images')], answering('ok'));
  const picture = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AA==' } } as const;
  const { warnings } = await ask({ prompt: [{ role: 'user', content: [picture] }] });
  expect(warnings).toMatchObject([{ code: 'unsupported_content', notice: 'The chosen model cannot see pictures.' }]);
  const later = await ask({ prompt: [{ role: 'user', content: [picture] }, ...say('and?').prompt] });
  expect(later.warnings).toMatchObject([{ code: 'unsupported_content', notice: null }]);
  expect(provider.calls[1]?.call.prompt).toMatchObject([
    { content: [{ type: 'text', text: expect.stringContaining('cannot see') as string }] },
  ]);
});

it('is no failure for the circuit breaker, and lets a chain go on', async () => {
  const first = scriptedProvider('a', { policies: { breaker: { failures: 1 }, retry: { attempts: 1 } } });
  const second = scriptedProvider('b');
  first.script([refusing('images')]);
  second.script(answering('seen'));
  const events: PolicyEvent[] = [];
  const registry = createRegistry([first, second], {
    names: { smart: { model: 'a/m', fallback: ['b/m'] } },
    onPolicyEvent: (event) => void events.push(event),
  });
  for (let call = 0; call < 3; call++)
    expect((await generate(registry.resolve('smart'), say('x'), noAbort())).text).toBe('seen');
  expect(events.map(({ type }) => type)).toEqual(['fallback', 'fallback', 'fallback']);
});

it('reshapes a conversation that was refused for its order, and says so', async () => {
  const { ask, provider } = model([refusing('prefill')], answering('ok'));
  const { warnings } = await ask();
  expect(warnings).toMatchObject([
    { setting: 'prefill', detail: expect.stringContaining('last word of the user') as string },
  ]);
  expect([...(provider.calls[1]?.call.without ?? [])]).toEqual(['prefill']);
});
