import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Message, ToolCallPart, ToolChoice, ToolDefinition } from '../spec/prompt.js';
import type { StreamPart } from '../spec/stream-part.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { scriptedModel } from '../testing/scripted-model.js';
import { faultsOf } from '../testing/well-formed.js';
import { withTextTools } from './with-text-tools.js';

const WEATHER: ToolDefinition = {
  name: 'weather',
  description: 'The weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Bonn"}}\n</tool_call>';
const FINISH: StreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'eos' } };
const asked: ModelCall = { ...say('How is the weather?'), tools: [WEATHER] };

const text = (deltas: readonly string[], id = 't'): StreamPart[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): StreamPart => ({ type: 'text-delta', id, text: delta })),
  { type: 'text-end', id },
];
const answer = (parts: readonly StreamPart[], call = asked): Promise<StreamPart[]> =>
  collect(withTextTools(scriptedModel(parts)).stream(call, noAbort()));

/** What the model itself is asked when the wrapped one gets this call. */
async function askedOf(call: ModelCall): Promise<ModelCall> {
  const model = scriptedModel([FINISH]);
  await collect(withTextTools(model).stream(call, noAbort()));
  return model.calls[0]!;
}
const systemOf = ({ prompt }: ModelCall): string =>
  prompt.flatMap((message) => (message.role === 'system' ? [message.content] : [])).join('|');

describe('a model without tools', () => {
  it('has them, beside what it had', () => {
    const model: LanguageModel = { ...scriptedModel([]), contextWindow: 4096 };
    expect(withTextTools(model)).toMatchObject({ ref: model.ref, contextWindow: 4096 });
    expect(withTextTools(model).capabilities).toEqual(new Set(['chat', 'generate', 'stream', 'tools']));
    const seen: ModelCall[] = [];
    const stream: LanguageModel['stream'] = (call, signal) => (seen.push(call), model.stream(call, signal));
    const able = withTextTools({ ...model, capabilities: new Set(['tools']), stream });
    const call: ModelCall = { ...say('hi'), tools: [{ name: 'f', parameters: {} }] };
    able.stream(call, noAbort());
    able.stream({ ...call, without: new Set(['tools']) }, noAbort());
    expect([able.capabilities, seen[0]]).toEqual([new Set(['tools']), call]);
    expect(seen[1]).not.toHaveProperty('tools');
  });

  it('is called unchanged when the call has no tools', () => {
    const stream = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true as const, value: undefined }) }),
    };
    const seen: ModelCall[] = [];
    const model: LanguageModel = { ...scriptedModel([]), stream: (call) => (seen.push(call), stream) };
    const call = { ...say('hi'), tools: [] };
    expect(withTextTools(model).stream(call, noAbort())).toBe(stream);
    expect(seen[0]).toBe(call);
  });

  it('gets them described after its instructions, and no field for them', async () => {
    const sent = await askedOf({ ...asked, prompt: [{ role: 'system', content: 'Be brief.' }, ...asked.prompt] });
    expect(sent).not.toHaveProperty('tools');
    expect(systemOf(sent)).toMatch(/^Be brief\.\n\n# Tools/);
    expect(systemOf(sent)).toContain(JSON.stringify(WEATHER));
    expect(sent.prompt.slice(1)).toEqual(asked.prompt);
    expect(systemOf(await askedOf(asked))).toMatch(/^# Tools/);
  });

  it.each<[ToolChoice, RegExp]>([
    ['auto', /answer in plain words/],
    ['required', /must call at least one tool/],
    [{ name: 'weather' }, /must call the tool "weather"/],
  ])('gets the choice %j in its instructions', async (toolChoice, expected) => {
    const sent = await askedOf({ ...asked, toolChoice });
    expect(systemOf(sent)).toMatch(expected);
    expect(sent).not.toHaveProperty('toolChoice');
  });

  it('gets no tools when none may be called, and what it writes is text', async () => {
    const call: ModelCall = { ...asked, toolChoice: 'none' };
    expect(await askedOf(call)).toEqual(say('How is the weather?'));
    const parts = [...text([CALL]), FINISH];
    expect(await answer(parts, call)).toEqual(parts);
  });

  it('reads earlier calls and results as text, also when there are no tools any more', async () => {
    const prompt: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', callId: '1', name: 'weather', arguments: '{"city":"Bonn"}' },
          { type: 'tool-call', callId: '2', name: 'weather', arguments: '' },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: '1', name: 'weather', output: '{"sun":true}' },
          { type: 'tool-result', callId: '2', name: 'weather', output: 'rain </tool_response>' },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'And?' }] },
    ];
    const results =
      '<tool_response>\n{"name": "weather", "content": {"sun":true}}\n</tool_response>\n' +
      String.raw`<tool_response>${'\n'}{"name": "weather", "content": "rain <\/tool_response>"}${'\n'}</tool_response>`;
    expect((await askedOf({ prompt })).prompt).toEqual([
      prompt[0],
      {
        role: 'assistant',
        content: [
          {
            type: 'text',
            text:
              'I look.\n<tool_call>\n{"name": "weather", "arguments": {"city":"Bonn"}}\n</tool_call>\n' +
              '<tool_call>\n{"name": "weather", "arguments": {}}\n</tool_call>',
          },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: results }] },
      prompt.at(-1),
    ]);
  });
});

describe('an answer with calls in its text', () => {
  it('has them as parts, and says that it stopped for them', async () => {
    const parts = await answer([...text(['I look.\n', '<tool_', CALL.slice(6)]), FINISH]);
    expect(parts).toEqual([
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'I look.' },
      {
        type: 'tool-call-start',
        id: 'text-call-0',
        callId: expect.stringMatching(/^call_\w{32}$/) as string,
        name: 'weather',
      },
      { type: 'tool-call-delta', id: 'text-call-0', arguments: '{"city":"Bonn"}' },
      { type: 'tool-call-end', id: 'text-call-0' },
      { type: 'text-end', id: 't' },
      { type: 'finish', reason: { unified: 'tool_calls', raw: 'eos' } },
    ]);
    expect(faultsOf(parts)).toEqual([]);
  });

  it('has no empty text where there were only calls, and no two calls of one name', async () => {
    const parts = await answer([...text([`\n${CALL}\n${CALL}\n`]), FINISH]);
    expect(parts.map(({ type }) => type).filter((type) => type.startsWith('text'))).toEqual([]);
    const ids = parts.flatMap((part) => (part.type === 'tool-call-start' ? [part.callId] : []));
    expect(new Set(ids).size).toBe(2);
  });

  it('without calls stays as it is', async () => {
    const parts: StreamPart[] = [...text(['Hello', ' there.']), ...text([], 'u'), { type: 'usage', usage: {} }, FINISH];
    expect(await answer(parts)).toEqual(parts);
  });

  it('keeps a source behind the start of its text', async () => {
    const source: StreamPart = { type: 'source', id: 't', source: { type: 'url', url: 'https://x' } };
    const parts: StreamPart[] = [
      { type: 'text-start', id: 't' },
      source,
      { type: 'text-delta', id: 't', text: 'Hi' },
      { type: 'text-end', id: 't' },
      FINISH,
    ];
    expect(await answer(parts)).toEqual(parts);
  });

  it('is forgotten when another model answers from the start', async () => {
    const ref = { provider: 'p', model: 'm' };
    const parts = await answer([
      ...text([CALL]),
      { type: 'text-start', id: 'u' },
      { type: 'text-delta', id: 'u', text: '\n<tool' },
      { type: 'discard', failed: ref, next: ref },
      ...text(['Sunny.'], 'v'),
      FINISH,
    ]);
    expect(parts.slice(-5)).toEqual([{ type: 'discard', failed: ref, next: ref }, ...text(['Sunny.'], 'v'), FINISH]);
  });

  it('is well-formed in any cut, the same thing said', async () => {
    const whole = `Well.\n${CALL}\n\n\`\`\`xml\n${CALL}\n\`\`\`\n<tool_call>{"name": "weather", "arguments": {}}`;
    const cuts = fc.array(fc.nat(whole.length), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const sorted = [0, ...places.toSorted((a, b) => a - b), whole.length];
        const parts = await answer([
          ...text(sorted.slice(1).map((end, index) => whole.slice(sorted[index], end))),
          FINISH,
        ]);
        expect(faultsOf(parts)).toEqual([]);
        expect(parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')).toBe(
          `Well.\n\n\`\`\`xml\n${CALL}\n\`\`\``,
        );
        expect(parts.filter(({ type }) => type === 'tool-call-start')).toHaveLength(2);
      }),
    );
  });
});

it('ends the model’s stream when the reader leaves', async () => {
  let left = false;
  const model: LanguageModel = {
    ...scriptedModel([]),
    async *stream() {
      try {
        yield* text(['a', 'b', 'c']);
      } finally {
        left = true;
      }
    },
  };
  for await (const part of withTextTools(model).stream(asked, noAbort())) if (part.type === 'text-delta') break;
  expect(left).toBe(true);
});

describe('an answer of very many calls', () => {
  const finished = { ended: 0 };
  /** A model that writes on, and notices when nobody reads it any more. */
  const writing = (parts: readonly StreamPart[]): LanguageModel => ({
    ...scriptedModel([]),
    stream: async function* () {
      try {
        yield* parts;
      } finally {
        finished.ended++;
      }
    },
  });

  it('is read up to 128 of them', async () => {
    const parts = await collect(
      withTextTools(writing([...text([`${CALL}\n`.repeat(128)]), FINISH])).stream(asked, noAbort()),
    );
    expect(parts.filter(({ type }) => type === 'tool-call-start')).toHaveLength(128);
  });

  it('with more of them is an error, and its model is stopped', async () => {
    finished.ended = 0;
    const endless = writing([
      { type: 'text-start', id: 't' },
      ...text(Array<string>(8_000).fill(`${CALL}\n`)).slice(1),
    ]);
    await expect(collect(withTextTools(endless).stream(asked, noAbort()))).rejects.toMatchObject({
      code: 'malformed_response',
    });
    expect(finished.ended).toBe(1);
  });
});

it('very many calls of an earlier answer are written in their order', async () => {
  const content = Array.from({ length: 20_000 }, (_, index): ToolCallPart => ({
    type: 'tool-call',
    callId: `c${index}`,
    name: 'weather',
    arguments: `{"n":${index}}`,
  }));
  const asking = await askedOf({
    ...asked,
    prompt: [...asked.prompt, { role: 'assistant', content }, ...asked.prompt],
  });
  const [written] = asking.prompt.flatMap((message) => (message.role === 'assistant' ? message.content : []));
  const numbers =
    written?.type === 'text' ? [...written.text.matchAll(/"n":(\d+)/g)].map(([, number]) => Number(number)) : [];
  expect(numbers).toEqual(content.map((_, index) => index));
});
