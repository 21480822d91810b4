import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import { noAbort, say } from '../testing/prompts.js';
import { failureOf } from '../testing/failure-of.js';
import { answering, failing, FOREVER, scriptedProvider, type Step } from '../testing/scripted-provider.js';
import { LimitWaits } from './limit-waits.js';
import { MemoryPolicyState } from './memory-policy-state.js';
import type { ProviderPolicies } from '../spec/policy-config.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function limited(policies: ProviderPolicies, ...scripts: (readonly Step[])[]) {
  const provider = scriptedProvider('p', { policies });
  provider.script(...(scripts.length > 0 ? scripts : [answering('hi')]));
  const state = new MemoryPolicyState();
  const names = { small: { model: 'p/m', limits: { concurrency: 1 } } };
  const waits = new LimitWaits();
  const registry = createRegistry([provider], { state, names, waits });
  const ask = (name = 'p/m', signal = noAbort()) => generate(registry.resolve(name), say('x'.repeat(400)), signal);
  return { provider, state, waits, ask };
}

/** How many calls have reached the provider after so many milliseconds. */
async function seenAfter({ provider }: ReturnType<typeof limited>, ms: number): Promise<number> {
  await vi.advanceTimersByTimeAsync(ms);
  return provider.calls.length;
}

describe('requests a minute', () => {
  it('go at once as far as the burst, then evenly', async () => {
    const world = limited({ limits: { requestsPerMinute: 60 } });
    const answers = Array.from({ length: 6 }, () => world.ask());
    expect(await seenAfter(world, 0)).toBe(3);
    expect(await seenAfter(world, 999)).toBe(3);
    expect(await seenAfter(world, 1)).toBe(4);
    expect(await seenAfter(world, 2_000)).toBe(6);
    await Promise.all(answers);
  });

  it('fail at once where the wait would be too long, and say for how long', async () => {
    const { ask, provider } = limited({ limits: { requestsPerMinute: 1 } });
    await ask();
    const error = await failureOf(ask());
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
    expect(error.detail).toContain('1 a minute (provider/p/requests)');
    expect(provider.calls).toHaveLength(1);
  });

  it('are returned by a call that stops waiting', async () => {
    const world = limited({ limits: { requestsPerMinute: 6 } });
    await world.ask();
    const stop = new AbortController();
    const stopped = world.ask('p/m', stop.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    stop.abort(new Error('enough'));
    expect(await stopped).toMatchObject({ message: 'enough' });
    void world.ask();
    expect(await seenAfter(world, 9_990)).toBe(2);
  });

  it('count the retries', async () => {
    const world = limited(
      { limits: { requestsPerMinute: 6 }, retry: { firstWaitMs: 1, maxWaitMs: 1 } },
      [failing('unavailable')],
      answering('hi'),
    );
    const answer = world.ask();
    expect(await seenAfter(world, 9_000)).toBe(1);
    expect(await seenAfter(world, 1_500)).toBe(2);
    await answer;
  });
});

const answerOf = (inputTokens: number, outputTokens: number): Step[] => [
  ...answering('hi').slice(0, -1),
  { type: 'finish', reason: { unified: 'stop', raw: null }, usage: { inputTokens, outputTokens } },
];

describe('tokens a minute', () => {
  const limits = { tokensPerMinute: 6_000, burst: 0.02 };

  it('are counted by an estimate before the call and by the truth after it', async () => {
    const world = limited({ limits }, answerOf(1_000, 2_000));
    await world.ask();
    void world.ask();
    // 3000 of 100 a second, of which 120 may go at once; the estimate alone would have been over after one second.
    expect(await seenAfter(world, 29_000)).toBe(1);
    expect(await seenAfter(world, 1_000)).toBe(2);
  });

  it('are given back when the provider refuses', async () => {
    const { ask, provider } = limited({ limits }, [failing('bad_request')], answerOf(1, 1));
    await failureOf(ask());
    await ask();
    await ask();
    expect(provider.calls).toHaveLength(3);
  });
});

describe('calls at once', () => {
  const policies: ProviderPolicies = {
    limits: { concurrency: 2 },
    deadlines: { queueMs: 1_000, firstTokenMs: 60_000 },
  };

  it('wait for a free place', async () => {
    const world = limited(policies, [500, ...answering('hi')]);
    const answers = [world.ask(), world.ask(), world.ask()];
    expect(await seenAfter(world, 499)).toBe(2);
    expect(world.waits.list()).toEqual({ 'provider/p': 1 });
    expect(await seenAfter(world, 400)).toBe(3);
    expect(world.waits.list()).toEqual({});
    await vi.advanceTimersByTimeAsync(500);
    await Promise.all(answers);
  });

  it('give up after the time for waiting, and say what they waited for', async () => {
    const world = limited(policies, [50_000, ...answering('hi')]);
    const answers = [world.ask(), world.ask()];
    const late = failureOf(world.ask());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await late).toMatchObject({ code: 'timeout', phase: 'queue', ref: { provider: 'p', model: 'm' } });
    expect((await late).detail).toMatch(/one of the 2 calls at once .* \(phase queue\)/);
    expect(world.waits.list()).toEqual({});
    await vi.advanceTimersByTimeAsync(50_000);
    await Promise.all(answers);
  });

  it('keep their place as long as they last', async () => {
    const world = limited(
      { ...policies, deadlines: { ...policies.deadlines, totalMs: 200_000, firstTokenMs: 200_000 } },
      [150_000, ...answering('hi')],
    );
    const answers = [world.ask(), world.ask()];
    await vi.advanceTimersByTimeAsync(149_000);
    const late = world.ask().catch(() => undefined);
    expect(await seenAfter(world, 500)).toBe(2);
    await vi.advanceTimersByTimeAsync(600);
    await Promise.all(answers);
    await vi.advanceTimersByTimeAsync(200_000);
    await late;
  });

  it.each([
    ['an answer', [answering('hi')]],
    ['an error', [[failing('bad_request')]]],
    ['a broken answer', [[...answering('hi').slice(0, 2), failing('stream_truncated')]]],
  ] as const)('give their place back after %s', async (_, scripts) => {
    const { ask, provider } = limited(
      { limits: { concurrency: 1 }, deadlines: { queueMs: 1 }, breaker: false },
      ...scripts,
    );
    for (let call = 0; call < 3; call++) await ask().catch(() => undefined);
    expect(provider.calls).toHaveLength(3);
  });

  it('give their place back when they are stopped', async () => {
    const world = limited({ limits: { concurrency: 1 } }, [FOREVER], answering('hi'));
    const stop = new AbortController();
    const stopped = world.ask('p/m', stop.signal).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(10);
    stop.abort(new Error('enough'));
    await stopped;
    await world.ask();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a place that is given back while it is renewed is free', async () => {
  /** As a store that is busy: a renewal takes half a second. */
  class SlowState extends MemoryPolicyState {
    override async acquire(...of: Parameters<MemoryPolicyState['acquire']>) {
      if (Date.now() - began > 9_000 && Date.now() - began < 11_000)
        await new Promise((resolve) => setTimeout(resolve, 500));
      return super.acquire(...of);
    }
  }
  const began = Date.now();
  const provider = scriptedProvider('p', { policies: { limits: { concurrency: 1 }, deadlines: { queueMs: 1 } } });
  provider.script([10_100, ...answering('hi')], answering('hi'));
  const registry = createRegistry([provider], { state: new SlowState() });
  const ask = () => generate(registry.resolve('p/m'), say('hi'), noAbort());
  const first = ask();
  await vi.advanceTimersByTimeAsync(12_000);
  await first;
  await ask();
  expect(provider.calls).toHaveLength(2);
});

it('limits of a name hold beside those of its provider', async () => {
  const world = limited({ limits: { concurrency: 2 }, deadlines: { queueMs: 10 } }, [60_000, ...answering('hi')]);
  const answers = [world.ask('small')];
  expect(await seenAfter(world, 1)).toBe(1);
  const second = failureOf(world.ask('small'));
  answers.push(world.ask());
  const third = failureOf(world.ask());
  await vi.advanceTimersByTimeAsync(20);
  expect([(await second).phase, (await third).phase]).toEqual(['queue', 'queue']);
  expect(world.provider.calls).toHaveLength(2);
  await vi.runAllTimersAsync();
  await Promise.all(answers);
});
