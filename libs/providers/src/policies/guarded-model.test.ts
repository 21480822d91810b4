import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LanguageModel } from '../spec/language-model.js';
import { conformance } from '../testing/conformance.js';
import { eventually, guarded } from '../testing/guarded.js';
import { collect, noAbort } from '../testing/prompts.js';
import { failureOf } from '../testing/failure-of.js';
import { answering, beginning, failing, type Step } from '../testing/scripted-provider.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a model of the registry', () => {
  beforeEach(() => void vi.useRealTimers());
  conformance('a guarded model', () => {
    const { provider, model } = guarded({});
    provider.script([...beginning('Hello '), 5, ...answering('x').slice(1)]);
    const warning = { code: 'unsupported_content', detail: 'no documents' } as const;
    // As an adapter says it of documents that it has no place for.
    const stream: LanguageModel['stream'] = async function* (call, signal) {
      if (call.documents) yield { type: 'warning', warning };
      yield* model.stream(call, signal);
    };
    return { ...model, ref: model.ref, capabilities: model.capabilities, stream };
  });
});

describe('retries', () => {
  it('are made while nothing has been shown, and show the answer once', async () => {
    const warned: Step = { type: 'warning', warning: { code: 'unsupported_content', detail: 'w' } };
    const { model, call, provider, events, attempts } = guarded(
      {},
      [warned, failing('unavailable')],
      [failing('overloaded')],
      [warned, ...answering('hi')],
    );
    const parts = await eventually(collect(model.stream(call, noAbort())));
    expect(parts).toEqual([warned, ...answering('hi')]);
    expect(provider.calls).toHaveLength(3);
    expect(events.map(({ type }) => type)).toEqual(['retry', 'retry']);
    expect(attempts.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
      ['failed', 'unavailable'],
      ['failed', 'overloaded'],
      ['completed', undefined],
    ]);
  });

  it('end with the attempts', async () => {
    const { ask, provider } = guarded({ retry: { attempts: 2 } }, [failing('unavailable')]);
    expect(await failureOf(eventually(ask()))).toMatchObject({ code: 'unavailable' });
    expect(provider.calls).toHaveLength(2);
  });

  it.each(['bad_request', 'bad_key', 'content_filtered', 'context_too_long'] as const)(
    'are no use for %s',
    async (code) => {
      const { ask, provider } = guarded({}, [failing(code)]);
      expect(await failureOf(eventually(ask()))).toMatchObject({ code });
      expect(provider.calls).toHaveLength(1);
    },
  );

  it('are not made once something was shown', async () => {
    const { ask, provider } = guarded({}, [...beginning('half'), failing('unavailable')]);
    expect(await failureOf(eventually(ask()))).toMatchObject({ code: 'unavailable' });
    expect(provider.calls).toHaveLength(1);
  });

  it('are not made where the provider asks for none', async () => {
    const { ask, provider } = guarded({}, [failing('unavailable', { retryable: false })]);
    await failureOf(eventually(ask()));
    expect(provider.calls).toHaveLength(1);
  });

  it('wait as long as the provider asks for', async () => {
    const { ask, events } = guarded({}, [failing('rate_limited', { retryAfterMs: 7_000 })], answering('hi'));
    const start = Date.now();
    await eventually(ask());
    expect(events).toEqual([expect.objectContaining({ type: 'retry', waitMs: 7_000 })]);
    expect(Date.now() - start).toBeGreaterThanOrEqual(7_000);
  });

  it('are not made when the provider asks for longer than the longest wait', async () => {
    const { ask, provider } = guarded({}, [failing('rate_limited', { retryAfterMs: 20_001 })]);
    expect(await failureOf(eventually(ask()))).toMatchObject({ code: 'rate_limited', retryAfterMs: 20_001 });
    expect(provider.calls).toHaveLength(1);
  });

  it('wait longer each time, and never longer than the longest wait', async () => {
    const retry = { attempts: 9, firstWaitMs: 100, maxWaitMs: 3_000 };
    const { ask, events } = guarded({ retry, breaker: false }, [failing('unavailable')]);
    await failureOf(eventually(ask()));
    const waits = events.map((event) => (event.type === 'retry' ? event.waitMs : 0));
    const most = [100, 200, 400, 800, 1_600, 3_000, 3_000, 3_000];
    expect(waits.map((wait, index) => wait >= (most[index] ?? 0) / 2 && wait <= (most[index] ?? 0))).toEqual(
      most.map(() => true),
    );
  });

  it('end at an abort, at once and with its reason', async () => {
    const { ask, provider } = guarded({}, [failing('rate_limited', { retryAfterMs: 10_000 })]);
    const stop = new AbortController();
    const reason = new Error('enough');
    const answer = failureOf(ask(stop.signal) as Promise<unknown>).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    stop.abort(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toBe(reason);
    await vi.runAllTimersAsync();
    expect(provider.calls).toHaveLength(1);
  });
});

describe('deadlines', () => {
  const deadlines = { firstTokenMs: 100, idleMs: 50, totalMs: 1_000 };
  const warned: Step = { type: 'warning', warning: { code: 'unsupported_content', detail: 'w' } };

  it.each<[string, Step[], string]>([
    ['first_token', [80, warned, 80, ...answering('late')], 'first piece of an answer within 100 ms'],
    ['idle', [...beginning('a'), 51, ...answering('b')], 'nothing more within 50 ms'],
    [
      'total',
      [
        ...beginning('a'),
        ...Array.from({ length: 60 }, (): Step[] => [40, { type: 'text-delta', id: 't', text: '.' }]).flat(),
      ],
      'no end of the answer within 1000 ms',
    ],
  ])('end the phase %s, close the connection, and say who was late', async (phase, script, words) => {
    const { ask, provider, attempts } = guarded({ deadlines }, script);
    const error = await failureOf(eventually(ask()));
    expect(error).toMatchObject({ code: 'timeout', phase, ref: { provider: 'p', model: 'm' } });
    for (const word of [words, phase, 'p/m']) expect(error.detail).toContain(word);
    expect(provider.calls.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(attempts).toEqual([expect.objectContaining({ outcome: 'failed', error })]);
  });

  it('do not count the time of the reader', async () => {
    const { model, call } = guarded({ deadlines: { ...deadlines, totalMs: 10_000 } }, answering('a', 'b', 'c'));
    const received: string[] = [];
    const listen = async () => {
      for await (const part of model.stream(call, noAbort())) {
        received.push(part.type);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    };
    await eventually(listen());
    expect(received.at(-1)).toBe('finish');
  });

  it('let an answer take its time between the pieces as long as they come', async () => {
    const { ask } = guarded({ deadlines }, [
      90,
      ...beginning('a'),
      45,
      ...answering('b').slice(1, 2),
      45,
      ...answering('c').slice(1),
    ]);
    expect((await eventually(ask())).text).toBe('abc');
  });

  it('count the retries and their waits as one call', async () => {
    const { ask, provider } = guarded({ deadlines, retry: { firstWaitMs: 5_000, maxWaitMs: 5_000 } }, [
      failing('unavailable', { retryAfterMs: 5_000 }),
    ]);
    expect(await failureOf(eventually(ask()))).toMatchObject({ code: 'timeout', phase: 'total' });
    expect(provider.calls).toHaveLength(1);
  });

  it('leave no timer behind', async () => {
    const { ask } = guarded({}, answering('hi'));
    await ask();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('an answer without finish is truncated', async () => {
  const { ask, attempts } = guarded({}, beginning('a'));
  expect(await failureOf(ask())).toMatchObject({ code: 'stream_truncated' });
  expect(attempts).toHaveLength(1);
});
