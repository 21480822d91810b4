import { describe, expect, it } from 'vitest';
import { generate } from '../../spec/generate.js';
import type { Message } from '../../spec/prompt.js';
import { conformance } from '../../testing/conformance.js';
import { collect, noAbort, say } from '../../testing/prompts.js';
import { createDemoProvider } from './provider.js';
import { sleep } from '../../timing/sleep.js';

conformance('demo', () => createDemoProvider().model('demo'));

/** A demo model whose pauses are noted instead of waited for. */
function demo() {
  const pauses: number[] = [];
  const provider = createDemoProvider('demo', async (ms) => void pauses.push(ms));
  return { provider, pauses, model: provider.model('demo') };
}

const said = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

describe('the demo model', () => {
  it('counts the user messages of the conversation', async () => {
    const answered: Message = { role: 'assistant', content: [{ type: 'text', text: 'yes' }] };
    const prompt = [said('one'), answered, said('two')];
    const { text } = await generate(demo().model, { prompt }, noAbort());
    expect(text).toContain('> two');
    expect(text).not.toContain('> one');
    expect(text).toContain('I have seen 2 messages');
  });

  it('answers the same to the same', async () => {
    const first = await collect(demo().model.stream(say('same'), noAbort()));
    expect(await collect(demo().model.stream(say('same'), noAbort()))).toEqual(first);
  });

  it('pauses before each delta, and not at all for (tokens=N)', async () => {
    const slow = demo();
    await generate(slow.model, say('(slow)'), noAbort());
    expect(slow.pauses.reduce((sum, ms) => sum + ms)).toBeGreaterThanOrEqual(10_000);
    const fast = demo();
    const { text, usage } = await generate(fast.model, say('(tokens=200)'), noAbort());
    expect(text.trim().split(' ')).toHaveLength(200);
    expect(usage?.outputTokens).toBe(200);
    expect(fast.pauses).toEqual([]);
  });

  it.each([
    ['(fail)', 3],
    ['(fail)(tokens=2)', 2],
    ['(fail)(tokens=0)', 0],
  ])('%s fails after %i deltas', async (message, deltas) => {
    const received: string[] = [];
    const listen = async () => {
      for await (const part of demo().model.stream(say(message), noAbort())) received.push(part.type);
    };
    await expect(listen()).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    expect(received.filter((type) => type === 'text-delta')).toHaveLength(deltas);
    expect(received).not.toContain('finish');
  });

  it('is stopped in the middle of a pause', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const answer = generate(createDemoProvider().model('demo'), say('(delay=60000)'), stop.signal);
    setTimeout(() => stop.abort(reason), 10);
    await expect(answer).rejects.toBe(reason);
  }, 2_000);

  it('has one model', async () => {
    const { provider } = demo();
    expect(() => provider.model('gpt')).toThrow(expect.objectContaining({ code: 'model_unknown' }));
    expect(await provider.listModels(noAbort())).toEqual([{ id: 'demo' }]);
    expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true });
  });
});

it('sleep ends with the reason of the signal', async () => {
  const stop = new AbortController();
  const reason = new Error('wake up');
  setTimeout(() => stop.abort(reason), 5);
  await expect(sleep(60_000, stop.signal)).rejects.toBe(reason);
});
