import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import { noAbort, say } from '../testing/prompts.js';
import { answering, beginning, failing, FOREVER, scriptedProvider } from '../testing/scripted-provider.js';
import { MemoryPolicyState } from './memory-policy-state.js';
import type { PolicyEvent } from './policy-event.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const policies = { retry: { attempts: 1 }, breaker: { failures: 2, openMs: 10_000, maxOpenMs: 25_000 } };

/** A worker, with an own view of a state that it may share. */
function worker(state = new MemoryPolicyState(), provider = scriptedProvider('p', { policies })) {
  const events: PolicyEvent[] = [];
  const registry = createRegistry([provider], { state, onPolicyEvent: (event) => void events.push(event) });
  const codeOf = async (model = 'p/m', signal = noAbort()) => {
    const code = await generate(registry.resolve(model), say('hi'), signal).then(
      () => 'answer',
      (error: { code?: string }) => error.code ?? 'abort',
    );
    // What is reported, nobody has waited for.
    await vi.advanceTimersByTimeAsync(0);
    return code;
  };
  return { state, provider, events, codeOf, registry };
}

it('opens after failures in a row, asks nobody while it is open, lets one call try after it, and closes', async () => {
  const { provider, codeOf, events, registry } = worker();
  provider.script([failing('unavailable')], [...beginning('a'), failing('stream_truncated')], answering('hi'));
  await codeOf();
  await codeOf();
  expect(provider.calls).toHaveLength(2);
  const refused = await generate(registry.resolve('p/m'), say('hi'), noAbort()).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'circuit_open', ref: { provider: 'p', model: 'm' }, retryAfterMs: 10_000 });
  expect(refused).toMatchObject({ cause: { code: 'stream_truncated' } });
  expect(refused).toHaveProperty(
    'detail',
    'not asked: the circuit breaker is open after 2 failures in a row, for another 10 s; the last failure was stream_truncated: stream_truncated it is',
  );
  await vi.advanceTimersByTimeAsync(9_999);
  expect(await codeOf()).toBe('circuit_open');
  expect(provider.calls).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(await codeOf()).toBe('answer');
  expect(await codeOf()).toBe('answer');
  expect(provider.calls).toHaveLength(4);
  expect(events.map(({ type }) => type)).toEqual(['breaker_opened', 'breaker_closed']);
});

it.each(['bad_key', 'no_access', 'bad_request', 'module_failed'] as const)(
  'does not count %s: that is no outage',
  async (code) => {
    const { provider, codeOf, events } = worker();
    provider.script(...Array.from({ length: 5 }, () => [failing(code)]), answering('hi'));
    for (let call = 0; call < 5; call++) expect(await codeOf()).toBe(code);
    expect(await codeOf()).toBe('answer');
    expect(events.filter(({ type }) => type.startsWith('breaker'))).toEqual([]);
  },
);

it('lets one call try at a time, and is open twice as long when that fails, up to the longest time', async () => {
  const { provider, codeOf, state } = worker();
  const down = [failing('unavailable')];
  provider.script(down, down, [500, ...down], down, answering('hi'), down, down);
  await codeOf();
  await codeOf();
  await vi.advanceTimersByTimeAsync(10_000);
  const [probe, other] = [codeOf(), codeOf()];
  expect(await other).toBe('circuit_open');
  expect(provider.calls).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(500);
  expect(await probe).toBe('unavailable');
  expect(await codeOf()).toBe('circuit_open');
  expect(provider.calls).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(19_999);
  expect(await codeOf()).toBe('circuit_open');
  await vi.advanceTimersByTimeAsync(1);
  expect(await codeOf()).toBe('unavailable');
  await vi.advanceTimersByTimeAsync(24_999);
  expect(await codeOf()).toBe('circuit_open');
  await vi.advanceTimersByTimeAsync(1);
  expect(await codeOf()).toBe('answer');
  expect(provider.calls).toHaveLength(5);
  await codeOf();
  await codeOf();
  expect(await state.breaker('p/m')).toMatchObject({ failures: 2, opens: 1, openForMs: 10_000 });
});

it('counts over all workers, each of which looks once in a second', async () => {
  const first = worker();
  const second = worker(first.state, first.provider);
  const reads = vi.spyOn(first.state, 'breaker');
  first.provider.script(answering('hi'), answering('hi'), [failing('overloaded')], [failing('overloaded')]);
  await second.codeOf();
  await second.codeOf();
  expect(reads).toHaveBeenCalledTimes(1);
  await first.codeOf();
  await first.codeOf();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await second.codeOf()).toBe('circuit_open');
  expect(first.provider.calls).toHaveLength(4);
});

it('begins to count anew after an answer, and after an error of somebody who is there', async () => {
  const { provider, codeOf } = worker();
  const down = [failing('unavailable')];
  provider.script(down, answering('hi'), down, [failing('rate_limited')], down, [failing('bad_request')], down);
  for (let call = 0; call < 7; call++) await codeOf();
  expect(provider.calls).toHaveLength(7);
});

it('takes no notice of calls that are stopped', async () => {
  const { provider, codeOf, state } = worker();
  provider.script([failing('unavailable')], [FOREVER], [FOREVER], [failing('unavailable')]);
  await codeOf();
  for (let call = 0; call < 2; call++) {
    const stop = new AbortController();
    const answer = codeOf('p/m', stop.signal);
    await vi.advanceTimersByTimeAsync(10);
    stop.abort(new Error('enough'));
    expect(await answer).toBe('abort');
  }
  expect(await state.breaker('p/m')).toMatchObject({ failures: 1 });
  await codeOf();
  expect(await state.breaker('p/m')).toMatchObject({ failures: 2, openForMs: 10_000 });
});

it('is not waited for, however soon it would let a call through', async () => {
  const quick = { retry: { attempts: 3 }, breaker: { failures: 1, openMs: 1_000 } };
  const { provider, codeOf } = worker(undefined, scriptedProvider('p', { policies: quick }));
  provider.script([failing('unavailable', { retryable: false })], answering('hi'));
  await codeOf();
  expect(await codeOf()).toBe('circuit_open');
  expect(provider.calls).toHaveLength(1);
});

it('is one for each model, and none where it is switched off', async () => {
  const { provider, codeOf } = worker();
  provider.script([failing('unavailable')]);
  for (const model of ['p/m', 'p/m', 'p/other']) await codeOf(model);
  expect(provider.calls).toHaveLength(3);
  const off = worker(undefined, scriptedProvider('p', { policies: { ...policies, breaker: false } }));
  off.provider.script([failing('unavailable')]);
  for (let call = 0; call < 5; call++) await off.codeOf();
  expect(off.provider.calls).toHaveLength(5);
});

it('says what the provider said when it opens between the tries of one call', async () => {
  const patient = scriptedProvider('p', { policies: { ...policies, retry: { attempts: 5 } } });
  const { provider, codeOf } = worker(undefined, patient);
  provider.script([failing('overloaded')]);
  const code = codeOf();
  await vi.runAllTimersAsync();
  expect(await code).toBe('overloaded');
  expect(provider.calls).toHaveLength(2);
});

it('lets everybody through when the store is out of reach, says so once, and waits for it only shortly', async () => {
  const state = new MemoryPolicyState();
  vi.spyOn(state, 'breaker').mockRejectedValue(new Error('gone'));
  vi.spyOn(state, 'countFailure').mockReturnValue(new Promise(() => undefined));
  const { provider, codeOf, events } = worker(state);
  provider.script([failing('unavailable')], [failing('unavailable')], answering('hi'));
  expect([await codeOf(), await codeOf(), await codeOf()]).toEqual(['unavailable', 'unavailable', 'answer']);
  await vi.runAllTimersAsync();
  expect(events.map(({ type }) => type)).toEqual(['state_unreachable']);
});

it('counts no failure of what nobody has asked for, nor of the code of a module, and lets neither be the probe', async () => {
  const { provider, registry, state, codeOf } = worker();
  const down = [failing('unavailable')];
  provider.script(down, down, [failing('module_failed')], [failing('module_failed')], down, down, answering('hi'));
  const beside = () =>
    generate(registry.resolve('p/m'), { ...say('title'), isBackground: true }, noAbort()).catch(
      ({ code }: { code: string }) => code,
    );
  expect([await beside(), await beside()]).toEqual(['unavailable', 'unavailable']);
  expect([await codeOf(), await codeOf()]).toEqual(['module_failed', 'module_failed']);
  expect(await state.breaker('p/m')).toMatchObject({ failures: 0 });
  await codeOf();
  await codeOf();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await beside()).toBe('circuit_open');
  expect(await codeOf()).toBe('answer');
});

it('closes at the first piece of the answer to the probe, and passes on a probe that was stopped', async () => {
  const { provider, codeOf } = worker();
  const down = [failing('unavailable')];
  provider.script(down, down, [FOREVER], [...beginning('a'), FOREVER], answering('hi'));
  await codeOf();
  await codeOf();
  await vi.advanceTimersByTimeAsync(10_000);
  const stop = new AbortController();
  const stopped = codeOf('p/m', stop.signal);
  await vi.advanceTimersByTimeAsync(10);
  expect(await codeOf()).toBe('circuit_open');
  stop.abort(new Error('enough'));
  expect(await stopped).toBe('abort');
  void codeOf();
  await vi.advanceTimersByTimeAsync(10);
  expect(await codeOf()).toBe('answer');
});

it('is opened for half a minute at most by default, and shortly at first', async () => {
  const { provider, codeOf, state } = worker(
    undefined,
    scriptedProvider('p', { policies: { retry: { attempts: 1 } } }),
  );
  provider.script([failing('unavailable')]);
  for (let call = 0; call < 5; call++) await codeOf();
  const waits: number[] = [];
  for (let probe = 0; probe < 6; probe++) {
    const { openForMs } = await state.breaker('p/m');
    waits.push(openForMs);
    await vi.advanceTimersByTimeAsync(openForMs);
    await codeOf();
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it('of an operator refuses all calls within a second, also where none opens by itself', async () => {
  const off = scriptedProvider('p', { policies: { breaker: false } });
  const { provider, state, codeOf, registry } = worker(undefined, off);
  provider.script(answering('hi'));
  expect(await codeOf()).toBe('answer');
  vi.spyOn(state, 'breaker').mockResolvedValue({ failures: 0, openForMs: 0, opens: 0, isHeld: true });
  await vi.advanceTimersByTimeAsync(1_000);
  const refused = await generate(registry.resolve('p/m'), say('hi'), noAbort()).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'circuit_open', retryAfterMs: undefined });
  expect(provider.calls).toHaveLength(1);
});
