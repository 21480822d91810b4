import { estimateInputTokens, type InputCount, type LanguageModel, type Message, type ModelCall } from '#providers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FittedCall, fitWindow, halve } from './fit-window.js';

const signal = new AbortController().signal;
const words = (count: number): string => 'word '.repeat(count);

const system = (text: string): Message => ({ role: 'system', content: text });
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const said = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });
const step = (callId: string, output: string): Message[] => [
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', callId, name: 'f', arguments: '{}' },
    ],
  },
  { role: 'tool', content: [{ type: 'tool-result', callId, name: 'f', output }] },
];

const modelOf = (contextWindow: number | undefined, countInput?: LanguageModel['countInput']): LanguageModel => ({
  ref: { provider: 'p', model: 'm' },
  capabilities: new Set(['chat']),
  ...(contextWindow !== undefined && { contextWindow }),
  ...(countInput && { countInput }),
  async *stream() {},
});

/** The call of this prompt, with so much room for its answer. */
const callOf = (prompt: readonly Message[], maxTokens = 10): ModelCall => ({ prompt, settings: { maxTokens } });
const fit = (window: number, prompt: readonly Message[]) => fitWindow(modelOf(window), callOf(prompt), signal);

const dropped = async (window: number, call: ModelCall) => (await fitWindow(modelOf(window), call, signal)).dropped;

/** A model that counts so many times our estimate. */
const counting = (window: number, scale: number) => {
  const counted: ModelCall[] = [];
  const count = async (call: ModelCall): Promise<InputCount> => {
    counted.push(call);
    return { tokens: Math.ceil(estimateInputTokens(call) * scale), is: 'exact' };
  };
  return { counted, model: modelOf(window, count) };
};

const idsOf = (prompt: readonly Message[], type: 'tool-call' | 'tool-result'): string[] =>
  prompt.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.flatMap((part) => (part.type === type ? [part.callId] : [])),
  );

/** What is wrong with the outcome of fitting a prompt into a window, in words. */
function faults(prompt: readonly Message[], window: number, outcome: FittedCall | string): string[] {
  const newest = prompt.findLastIndex(({ role }) => role === 'user');
  const must = prompt.filter(({ role }, index) => role === 'system' || index === newest);
  if (typeof outcome === 'string') {
    // Never for the history's sake: what comes behind the newest message is all that may stay besides.
    const least = estimateInputTokens(callOf([...must, ...prompt.slice(newest + 1)]));
    return outcome === 'context_too_long' && least > window - 10 ? [] : [`it is ${outcome}`];
  }
  const kept = outcome.call.prompt;
  const pairs = [idsOf(kept, 'tool-call'), idsOf(kept, 'tool-result')].map(String);
  return [
    ...(estimateInputTokens(outcome.call) > window - 10 ? ['it does not fit'] : []),
    ...(kept.length + outcome.dropped === prompt.length ? [] : ['the number is wrong']),
    ...(prompt.filter((message) => kept.includes(message)).every((one, index) => one === kept[index]) ? [] : ['order']),
    ...(must.every((message) => kept.includes(message)) ? [] : ['something is gone that stays']),
    ...(pairs[0] === pairs[1] ? [] : ['a pair is torn']),
    ...(kept.at(-1) === prompt.at(-1) ? [] : ['the newest is gone']),
  ];
}

const HISTORY = [
  system('Be brief.'),
  user(`one ${words(100)}`),
  said(words(100)),
  user('two'),
  ...step('a', words(100)),
  said('done'),
  user('three'),
];

describe('a call and the window', () => {
  it('is the same call where it fits, or the window is unknown', async () => {
    const call = callOf(HISTORY);
    expect(await fitWindow(modelOf(undefined), call, signal)).toEqual({ call, dropped: 0 });
    expect((await fitWindow(modelOf(10_000), call, signal)).call.prompt).toBe(call.prompt);
  });

  it('loses its oldest turns, one after the other, and nothing else', async () => {
    expect((await fit(200, HISTORY)).call.prompt).toEqual([HISTORY[0], ...HISTORY.slice(3)]);
    expect(await fit(100, HISTORY)).toMatchObject({ call: callOf([HISTORY[0]!, user('three')]), dropped: 6 });
  });

  it('keeps what is newest of a turn that has grown by tools', async () => {
    const prompt = [
      system('Be brief.'),
      user('old'),
      said('old'),
      user('new'),
      ...step('a', words(90)),
      ...step('b', words(90)),
    ];
    expect((await fit(180, prompt)).call.prompt).toEqual([prompt[0], prompt[3], ...prompt.slice(6)]);
  });

  it('keeps the question, where a quote and a widget stand behind it', async () => {
    const question = [user('What is this?'), user('The user is referring to this'), user('mentioned')];
    const prompt = [system('Be brief.'), user(words(60)), said('old'), ...question];
    const withWidget = [...prompt, said(words(20)), user('The following widget'), ...step('a', 'result')];
    for (const whole of [prompt, withWidget]) {
      const { call } = await fitWindow(modelOf(95), callOf(whole), signal, new Set(question));
      expect(call.prompt.slice(0, 4)).toEqual([whole[0], ...question]);
      expect(call.prompt.at(-1)).toBe(whole.at(-1));
      expect(halve(callOf(whole), new Set(question))?.call.prompt).toEqual(expect.arrayContaining(question));
    }
  });

  it('lets go of an earlier question that was never answered', async () => {
    const question = user('short');
    const { call } = await fitWindow(modelOf(50), callOf([user(words(90)), question]), signal, new Set([question]));
    expect(call.prompt).toEqual([question]);
  });

  it('is too long when what must stay does not fit', async () => {
    for (const prompt of [
      [system(words(200)), user('hi')],
      [user('old'), user(words(200))],
      [user('hi'), ...step('a', words(200))],
    ]) {
      await expect(fit(100, prompt)).rejects.toMatchObject({ code: 'context_too_long', ref: { model: 'm' } });
    }
  });

  it('has room for the answer: what is asked for, else a quarter, and never more than 32,000', async () => {
    const prompt = [user(words(300)), said('yes'), user(words(300))];
    expect(await dropped(800, callOf(prompt, 100))).toBe(0);
    expect(await dropped(800, callOf(prompt, 400))).toBe(2);
    expect(await dropped(900, { prompt })).toBe(0);
    expect(await dropped(790, { prompt })).toBe(2);
    const long = [user(words(90_000)), said('yes'), user(words(70_000))];
    expect(await dropped(200_000, { prompt: long })).toBe(0);
  });

  it('counts tools and documents in', async () => {
    const prompt = [user(words(50)), said('yes'), user('hi')];
    for (const more of [
      { tools: [{ name: 'f', description: words(100), parameters: {} }] },
      { documents: [{ text: words(100) }] },
    ]) {
      expect((await fitWindow(modelOf(150), { ...callOf(prompt), ...more }, signal)).dropped).toBe(2);
    }
  });

  it('keeps calls and results together that have the same ids in every turn', async () => {
    const prompt = [user('1'), ...step('x', words(100)), user('2'), ...step('x', words(100)), user('3')];
    expect((await fit(200, prompt)).call.prompt).toEqual(prompt.slice(3));
  });

  it('keeps a call and its result together when the person has written in between', async () => {
    const [called, result] = step('a', 'sunny');
    const prompt = [user(words(50)), called!, user(words(50)), result!, user('so?')];
    expect((await fit(110, prompt)).call.prompt).toEqual([user('so?')]);
  });
});

describe('a better count', () => {
  const prompt = [user(words(100)), said(words(100)), user(words(100)), said(words(100)), user('hi')];
  const call = callOf(prompt);
  const estimate = estimateInputTokens(call);

  it('is asked for near the limit only', async () => {
    for (const [window, times] of [
      [estimate * 2, 0],
      [Math.round(estimate * 1.1), 1],
    ] as const) {
      const { model, counted } = counting(window, 1);
      await fitWindow(model, call, signal);
      expect(counted).toHaveLength(times);
    }
    const { model, counted } = counting(200, 1);
    await expect(fitWindow(model, callOf([user(words(2_000))]), signal)).rejects.toThrow('context_too_long');
    expect(counted).toEqual([]);
  });

  it('takes more away where the estimate was too low, and less where it was too high', async () => {
    const low = counting(estimate + 20, 1.3);
    expect((await fitWindow(low.model, call, signal)).call.prompt).toEqual(prompt.slice(2));
    const high = counting(estimate - 10, 0.5);
    expect(await fitWindow(high.model, callOf([...prompt, said(words(10)), user('so?')]), signal)).toMatchObject({
      dropped: 0,
    });
  });

  it('is asked for what is left where that is near the limit', async () => {
    const long = callOf([...prompt.slice(0, 4), ...prompt.slice(0, 4), user('hi')]);
    const { model, counted } = counting(240, 1.3);
    expect((await fitWindow(model, long, signal)).call.prompt).toEqual([user('hi')]);
    expect(counted.map((one) => one.prompt.length)).toEqual([3]);
  });

  it('decides whether what must stay fits', async () => {
    const must = callOf([user(words(100))]);
    const window = estimateInputTokens(must) + 5;
    await expect(fitWindow(modelOf(window), must, signal)).rejects.toThrow('context_too_long');
    expect(await fitWindow(counting(window, 0.8).model, must, signal)).toMatchObject({ dropped: 0 });
  });

  it('stops with the turn', async () => {
    const reason = new Error('stopped');
    const near = fitWindow(counting(estimate + 20, 1).model, call, AbortSignal.abort(reason));
    await expect(near).rejects.toBe(reason);
  });
});

describe('half of a call', () => {
  it('is about half of it, or as little as may stay, and nothing where nothing can go', () => {
    const prompt = [1, 2, 3, 4].flatMap((n) => [user(`${n} ${words(50)}`), said(words(50))]);
    const half = halve(callOf([...prompt, user('hi')]));
    expect(half).toMatchObject({ dropped: 6, call: callOf([...prompt.slice(6), user('hi')]) });
    expect(halve(callOf([user('old'), said('yes'), user(words(500))]))?.dropped).toBe(2);
    expect(halve(callOf([system('s'), user(words(500))]))).toBeUndefined();
  });
});

describe('any conversation', () => {
  const text = fc.integer({ min: 0, max: 60 }).map(words);
  const calls = fc.array(text, { minLength: 1, maxLength: 3 });
  const steps = fc.array(
    fc.oneof(fc.tuple(fc.constant('said' as const), text), fc.tuple(fc.constant('step' as const), calls)),
    {
      maxLength: 3,
    },
  );
  const turns = fc.array(fc.record({ asked: text, steps }), { minLength: 1, maxLength: 6 });
  const conversation = fc.record({ instructions: fc.option(text), turns }).map(({ instructions, turns: all }) => {
    let calledSoFar = 0;
    const messages = all.flatMap(({ asked, steps: done }) => [
      user(asked),
      ...done.flatMap(([kind, what]): Message[] => {
        if (kind === 'said') return [said(what)];
        const named = what.map((output) => ({ callId: `c${calledSoFar++}`, name: 'f', output }));
        return [
          {
            role: 'assistant',
            content: named.map(({ callId, name }) => ({ type: 'tool-call', callId, name, arguments: '{}' })),
          },
          { role: 'tool', content: named.map((result) => ({ type: 'tool-result', ...result })) },
        ];
      }),
    ]);
    return instructions === null ? messages : [system(instructions), ...messages];
  });

  it('fits, in its order, pairs whole, with instructions, the newest message and the newest results; or is too long', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, fc.integer({ min: 20, max: 600 }), async (prompt, window) => {
        const fitted = await fit(window, prompt).catch((error: { code: string }) => error.code);
        expect(faults(prompt, window, fitted)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
