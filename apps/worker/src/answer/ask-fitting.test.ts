import { type LanguageModel, type Message, type ModelCall, ProviderError } from '#providers';
import { describe, expect, it } from 'vitest';
import { askFitting, type Asking } from './ask-fitting.js';

const signal = new AbortController().signal;
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const PROMPT = Array.from({ length: 16 }, (_, n) => user(`${n} ${'word '.repeat(50)}`));
const TOO_LONG = new ProviderError('context_too_long', { ref: { provider: 'p' }, detail: 'too long' });

const modelOf = (contextWindow?: number): LanguageModel => ({
  ref: { provider: 'p', model: 'm' },
  capabilities: new Set(['chat']),
  ...(contextWindow !== undefined && { contextWindow }),
  async *stream() {},
});

/** Asks, and says how many messages each call had, what the log has, and what came of it. */
async function asked(
  ask: (call: ModelCall, asking: Asking) => Promise<string>,
  { model = modelOf(), prompt = PROMPT }: { model?: LanguageModel; prompt?: readonly Message[] } = {},
) {
  const lengths: number[] = [];
  const logged: unknown[] = [];
  const log = { info: (_: string, facts?: object) => logged.push(facts), warn: () => 0, error: () => 0 };
  const outcome = await askFitting({ prompt }, { log }, async (given, asking) => {
    const call = await given.fit!(model, given, signal);
    lengths.push(call.prompt.length);
    return ask(call, asking);
  }).catch((error: unknown) => error);
  return { lengths, logged, outcome };
}

describe('a model that finds the prompt too long', () => {
  it('is asked with half of it, and half of that; then it is an error', async () => {
    const { lengths, logged, outcome } = await asked(() => Promise.reject(TOO_LONG));
    expect(lengths).toEqual([16, 8, 4]);
    expect(outcome).toBe(TOO_LONG);
    expect(logged).toEqual([
      { dropped: 8, kept: 8 },
      { dropped: 4, kept: 4 },
    ]);
  });

  it('answers when it is short enough, and what it was asked is known', async () => {
    const { outcome } = await asked(({ prompt }) =>
      prompt.length > 8 ? Promise.reject(TOO_LONG) : Promise.resolve('yes'),
    );
    expect(outcome).toEqual({ call: { prompt: PROMPT.slice(8) }, answer: 'yes' });
  });

  it('is not asked again once it has begun to answer, when nothing can go, or for any other error', async () => {
    const begun = await asked((_, asking) => {
      asking.hasBegun = true;
      return Promise.reject(TOO_LONG);
    });
    const single = await asked(() => Promise.reject(TOO_LONG), { prompt: [user('hi')] });
    const busy = await asked(() =>
      Promise.reject(new ProviderError('overloaded', { ref: { provider: 'p' }, detail: '' })),
    );
    for (const { lengths, logged } of [begun, single, busy]) {
      expect(lengths).toHaveLength(1);
      expect(logged).toEqual([]);
    }
  });
});

describe('a model with a window', () => {
  it('is asked for no more than that, with a line in the log', async () => {
    const { lengths, logged } = await asked(() => Promise.resolve('yes'), { model: modelOf(400) });
    expect(lengths).toEqual([5]);
    expect(logged).toEqual([{ dropped: 11, kept: 5 }]);
  });

  it('is not asked at all when nothing can make it fit', async () => {
    const { lengths, outcome } = await asked(() => Promise.resolve('yes'), { model: modelOf(40) });
    expect(lengths).toEqual([]);
    expect(outcome).toMatchObject({ code: 'context_too_long' });
  });
});
