import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noAbort } from '../testing/prompts.js';
import { eventually, guarded } from '../testing/guarded.js';
import { failureOf } from '../testing/failure-of.js';
import { answering, beginning, failing, FOREVER } from '../testing/scripted-provider.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('reports of attempts', () => {
  it('have what the provider says, and what it costs', async () => {
    const usage = { inputTokens: 10, outputTokens: 20, cachedInputTokens: 4 };
    const prices = { m: { input: 2, output: 10, cachedInput: 1 } };
    const { ask, attempts } = guarded({ prices }, [
      ...answering('12345', '678').slice(0, -1),
      { type: 'finish', reason: { unified: 'stop', raw: null }, usage },
    ]);
    await ask();
    expect(attempts).toEqual([
      {
        ref: { provider: 'p', model: 'm' },
        outcome: 'completed',
        usage,
        usageIs: 'reported',
        costMicros: 6 * 2 + 4 * 1 + 20 * 10,
        messages: 1,
        startedAt: expect.any(Date) as Date,
        firstPartMs: 0,
        durationMs: 0,
        characters: 8,
      },
    ]);
  });

  it('estimate where the provider says nothing', async () => {
    const { ask, attempts } = guarded({}, answering('12345', '678'));
    await ask();
    expect(attempts[0]).toMatchObject({
      usageIs: 'estimated',
      usage: { inputTokens: 6, outputTokens: 2, totalTokens: 8 },
    });
    expect(attempts[0]).not.toHaveProperty('costMicros');
  });

  it('are of a failure when a module says that its answer has failed', async () => {
    const finish = { type: 'finish', reason: { unified: 'error', raw: 'crashed' } } as const;
    const { ask, attempts } = guarded({}, [...beginning('half'), { type: 'text-end', id: 't' }, finish]);
    expect(await failureOf(ask())).toMatchObject({ code: 'unavailable', detail: 'the model ended with crashed' });
    expect(attempts).toMatchObject([{ outcome: 'failed', characters: 4 }]);
  });

  it('come once when the reader leaves, at once and with what was said until then', async () => {
    const { model, call, attempts, provider } = guarded({}, [
      { type: 'usage', usage: { inputTokens: 7, outputTokens: 1 } },
      ...beginning('12345678'),
      FOREVER,
    ]);
    for await (const part of model.stream(call, noAbort())) if (part.type === 'text-delta') break;
    expect(attempts).toEqual([
      expect.objectContaining({ outcome: 'aborted', usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 } }),
    ]);
    expect(provider.calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('come once for an answer whose reader leaves at its finish', async () => {
    const { model, call, attempts } = guarded({}, answering('a'));
    for await (const part of model.stream(call, noAbort())) if (part.type === 'finish') break;
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['completed']);
  });

  it('come once when the caller stops, before the first piece and after it', async () => {
    for (const script of [[FOREVER], [...beginning('a'), FOREVER]]) {
      const { ask, attempts } = guarded({}, script);
      const stop = new AbortController();
      const answer = ask(stop.signal).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(10);
      stop.abort(new Error('enough'));
      expect(await answer).toMatchObject({ message: 'enough' });
      expect(attempts.map(({ outcome, error }) => [outcome, error])).toEqual([['aborted', undefined]]);
    }
  });

  it('come at once when the caller stops while nobody reads', async () => {
    const { model, call, attempts, provider } = guarded({}, answering('a', 'b'));
    const stop = new AbortController();
    const parts = model.stream(call, stop.signal)[Symbol.asyncIterator]();
    await parts.next();
    stop.abort(new Error('enough'));
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['aborted']);
    expect(provider.calls[0]?.signal.aborted).toBe(true);
    await expect(parts.next()).rejects.toThrow('enough');
    expect(attempts).toHaveLength(1);
  });

  it('say nothing of a request that was refused, and everything of one that was late', async () => {
    const refused = guarded({}, [failing('bad_request')]);
    await failureOf(refused.ask());
    expect(refused.attempts[0]?.usage).toEqual({});
    const late = guarded({}, [FOREVER]);
    await failureOf(eventually(late.ask()));
    expect(late.attempts[0]?.usage).toMatchObject({ inputTokens: 6 });
  });

  it('are not made for a call that nobody begins', async () => {
    const { model, call, attempts, provider } = guarded({}, answering('a'));
    await model.stream(call, noAbort())[Symbol.asyncIterator]().return?.();
    expect([attempts, provider.calls]).toEqual([[], []]);
  });
});
