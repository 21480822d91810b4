import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { generate, type Message, type ModelCall } from '#providers';
import { conformance, type LocalServer, noAbort, say } from '#providers/testing';
import { APIS, providerAt, startApi } from './apis.js';

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function start(file: string): Promise<LocalServer> {
  const server = await startApi(file);
  servers.push(server);
  return server;
}

const text = (words: string) => ({ type: 'text', text: words }) as const;
const PROMPT: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: [text('Hello')] },
  { role: 'assistant', content: [text('Hi!')] },
  { role: 'user', content: [text('And now?')] },
];
const CALL: ModelCall = {
  prompt: PROMPT,
  settings: { temperature: 0 },
  caller: { tenantId: 'acme', userId: 'ada', runId: 'run_1', threadId: 'thr_1' },
};

const FILES = Object.keys(APIS);

it('has a server for each example', () => {
  const folder = new URL('../../../examples/providers/declared/', import.meta.url);
  const files = readdirSync(folder).filter((file) => !file.startsWith('websocket'));
  expect(FILES.toSorted()).toEqual(files.toSorted());
});

const usage = { inputTokens: 12, outputTokens: 3 };

/** What the server must get for {@link CALL}, and what must come of its answer. */
const EXPECTED: Readonly<Record<string, { body: unknown; finish: unknown; usage?: unknown; reasoning?: string }>> = {
  'company.yaml': {
    body: {
      instructions: 'Be brief.',
      turns: [{ question: 'Hello', answer: 'Hi!' }],
      question: 'And now?',
      temperature: 0,
      max_tokens: 800,
      meta: {
        department: 'support',
        asked_at: expect.toSatisfy((at: number) => Math.abs(at - Date.now() / 1e3) < 600),
      },
    },
    finish: { unified: 'stop', raw: 'end' },
    usage,
  },
  'cohere-v1.yaml': {
    body: {
      model: 'command-r',
      message: 'And now?',
      chat_history: [
        { role: 'USER', message: 'Hello' },
        { role: 'CHATBOT', message: 'Hi!' },
      ],
      preamble: 'Be brief.',
      temperature: 0,
      stream: true,
    },
    finish: { unified: 'stop', raw: 'COMPLETE' },
    usage,
  },
  'completion.yaml': {
    body: {
      prompt: 'Be brief.\nQ: Hello\nA: Hi!\nQ: And now?\nA:',
      numResults: 1,
      maxTokens: 200,
      temperature: 0,
      stopSequences: ['\nQ:'],
    },
    finish: { unified: 'stop', raw: 'endoftext' },
  },
  'gateway.yaml': {
    body: {
      model: 'large',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi!' },
        { role: 'user', content: 'And now?' },
      ],
      options: { temperature: 0 },
      user: { id: 'ada', tenant: 'acme', thread: 'thr_1' },
    },
    finish: { unified: 'stop', raw: null },
    usage: { ...usage, totalTokens: 15 },
    reasoning: 'Hm.',
  },
  'events.yaml': {
    body: {
      input: [
        { from: 'rules', says: 'Be brief.' },
        { from: 'human', says: 'Hello' },
        { from: 'bot', says: 'Hi!' },
        { from: 'human', says: 'And now?' },
      ],
      asked_at: expect.any(String),
    },
    finish: { unified: 'stop', raw: 'stop' },
  },
  'graphql.yaml': {
    body: {
      query: expect.stringContaining('mutation Ask'),
      variables: {
        model: 'default',
        messages: [
          { role: 'SYSTEM', content: 'Be brief.' },
          { role: 'USER', content: 'Hello' },
          { role: 'ASSISTANT', content: 'Hi!' },
          { role: 'USER', content: 'And now?' },
        ],
        temperature: 0,
      },
    },
    finish: { unified: 'stop', raw: 'STOP' },
    usage,
  },
  'graphql-subscription.yaml': {
    body: {
      query: expect.stringContaining('subscription Answer'),
      variables: {
        question: 'Be brief.\n\nUser: Hello\n\nAssistant: Hi!\n\nUser: And now?\n\nAssistant:',
        user: 'ada',
      },
    },
    finish: { unified: 'length', raw: 'LENGTH' },
  },
  'plain-text.yaml': { body: {}, finish: { unified: 'stop', raw: null } },
};

it.each(FILES)('%s: the API takes what is sent, and its answer is read', async (file) => {
  const server = await start(file);
  const provider = providerAt(file, server);
  const answer = await generate(provider.model(provider.defaultModel), CALL, noAbort());
  const { body, finish, usage: tokens, reasoning = '' } = EXPECTED[file]!;
  expect(server.requests[0]?.body).toEqual(body);
  expect(answer).toMatchObject({ text: 'Hello wörld', finish, reasoning });
  expect(answer.usage).toEqual(tokens);
});

it.each([
  ['company.yaml', 'rate_limited', 'Slow down.'],
  ['cohere-v1.yaml', 'rate_limited', 'trial token rate limit'],
  ['completion.yaml', 'context_too_long', 'prompt is too long'],
  ['gateway.yaml', 'overloaded', 'no room'],
  ['events.yaml', 'bad_key', 'unknown person'],
  ['graphql.yaml', 'rate_limited', 'Too many.'],
  ['graphql-subscription.yaml', 'bad_key', 'Who are you?'],
  ['plain-text.yaml', 'unavailable', 'asleep'],
])('%s: its failure is %s', async (file, code, words) => {
  const provider = providerAt(file, await start(file));
  const answer = generate(provider.model(provider.defaultModel), say('fail'), noAbort());
  await expect(answer).rejects.toMatchObject({ code, detail: expect.stringContaining(words) });
});

it('sends who asks, and for which run, where the example says', async () => {
  const company = await start('company.yaml');
  await generate(providerAt('company.yaml', company).model('house-1'), CALL, noAbort());
  expect(company.requests[0]).toMatchObject({ path: '/v2/house-1/answer?trace=run_1', headers: { 'x-user': 'ada' } });
});

it('asks the plain one in the query', async () => {
  const oracle = await start('plain-text.yaml');
  await generate(providerAt('plain-text.yaml', oracle).model('m'), say('a&b=c ü'), noAbort());
  expect(oracle.requests[0]?.path).toBe('/ask?q=a%26b%3Dc+%C3%BC');
});

it('hands tools to the gateway, and their calls and answers back and forth', async () => {
  const server = await start('gateway.yaml');
  const model = providerAt('gateway.yaml', server).model('large');
  expect(model.capabilities.has('tools')).toBe(true);
  const tools = [{ name: 'lookup', parameters: { type: 'object', properties: {} } }];
  const asked = await generate(model, { ...say('How is the weather?'), tools }, noAbort());
  expect(asked.toolCalls).toMatchObject([{ callId: 'c1', name: 'lookup', arguments: '{"city":"Bern"}' }]);
  const prompt: Message[] = [
    ...say('Is it nice?').prompt,
    { role: 'assistant', content: asked.toolCalls },
    { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', name: 'lookup', output: 'sunny' }] },
  ];
  const told = await generate(model, { prompt, tools }, noAbort());
  expect({ text: told.text, warnings: told.warnings }).toEqual({ text: 'Hello wörld', warnings: [] });
  expect(server.requests[1]?.body).toMatchObject({
    messages: [
      { role: 'user', content: 'Is it nice?' },
      { role: 'assistant', content: '', calls: [{ id: 'c1', name: 'lookup', args: '{"city":"Bern"}' }] },
      { role: 'tool', content: 'sunny', call_id: 'c1' },
    ],
    tools: [{ name: 'lookup', schema: tools[0]!.parameters }],
  });
});

it.each([
  ['company.yaml', ['house-1', 'house-2']],
  ['cohere-v1.yaml', ['command-r']],
  ['gateway.yaml', ['large']],
  ['graphql.yaml', ['default']],
])('%s lists its models, and is well', async (file, ids) => {
  const server = await start(file);
  const provider = providerAt(file, server);
  expect((await provider.listModels(noAbort())).map(({ id }) => id)).toEqual(ids);
  expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: true });
  expect(server.requests.length).toBeGreaterThan(0);
  await server.close();
  expect(await provider.healthCheck(noAbort())).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});

describe.each(['cohere-v1.yaml', 'gateway.yaml', 'events.yaml', 'graphql-subscription.yaml', 'plain-text.yaml'])(
  'every stream',
  (file) => {
    conformance(file, async () => providerAt(file, await start(file)).model('m'));
  },
);
