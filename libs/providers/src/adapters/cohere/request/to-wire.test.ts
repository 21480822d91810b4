import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ToolDefinition } from '../../../spec/prompt.js';
import { type Json, list, object } from '../../../http/json.js';
import { say } from '../../../testing/prompts.js';
import { cohereServer } from '../../../testing/cohere-sent.js';

const sent = cohereServer();
const bodyOf = (call: Partial<ModelCall>) => sent({ ...say('hi'), ...call });

it('sends what was said, and no more', async () => {
  expect(await bodyOf({})).toEqual({
    body: { model: 'command-x', messages: [{ role: 'user', content: 'hi' }], stream: true },
    warnings: [],
  });
});

describe('settings', () => {
  it('have names of their own', async () => {
    const settings = {
      maxTokens: 5,
      temperature: 0,
      topP: 0.5,
      topK: 3,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      stop: ['x'],
      seed: 0,
    };
    const { body, warnings } = await bodyOf({ settings });
    expect(body).toMatchObject({
      max_tokens: 5,
      temperature: 0,
      p: 0.5,
      k: 3,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      stop_sequences: ['x'],
      seed: 0,
    });
    expect(warnings).toEqual([]);
  });

  it('stop at nothing when the list is empty', async () => {
    expect((await bodyOf({ settings: { stop: [] } })).body).not.toHaveProperty('stop_sequences');
  });

  it.each([
    ['none', { type: 'disabled' }],
    ['minimal', { type: 'enabled', token_budget: 500 }],
    ['low', { type: 'enabled', token_budget: 2_000 }],
    ['medium', { type: 'enabled', token_budget: 8_000 }],
    ['high', { type: 'enabled', token_budget: 16_000 }],
    ['xhigh', { type: 'enabled', token_budget: 31_000 }],
    ['max', { type: 'enabled' }],
  ] as const)('give the effort %s a budget', async (reasoningEffort, thinking) => {
    expect((await bodyOf({ settings: { reasoningEffort } })).body['thinking']).toEqual(thinking);
  });

  it('are beaten by the options, but not model, prompt, documents and stream', async () => {
    const options = {
      k: 7,
      safety_mode: 'STRICT',
      model: 'other',
      messages: [],
      documents: ['other'],
      stream: false,
    };
    const { body } = await bodyOf({
      settings: { topK: 3 },
      documents: [{ text: 'a' }],
      providerOptions: { cohere: options, openai: { x: 1 } },
    });
    expect(body).toEqual({
      k: 7,
      safety_mode: 'STRICT',
      model: 'command-x',
      messages: [{ role: 'user', content: 'hi' }],
      documents: [{ data: { snippet: 'a' } }],
      stream: true,
    });
  });
});

it('sends options as they are written, whatever the SDK makes of them', async () => {
  const options = {
    max_tokens: 7,
    safetyMode: 'OFF',
    thinking: { type: 'adaptive', token_budget: 5, tokenBudget: 6 },
    tools: [{ type: 'web_search', max_uses: 3 }],
    documents: [{ data: 'a text', meta_data: { some_key: [null] } }],
    citation_options: { mode: 'FAST', some_more: { some_key: 1 } },
    response_format: { type: 'json_object', json_schema: { type: 'object', properties: { toolCalls: {} } } },
    k: '3',
    logprobs: null,
  };
  const settings = { maxTokens: 5, topK: 1, reasoningEffort: 'low' } as const;
  const { body } = await bodyOf({ settings, providerOptions: { cohere: options } });
  const { model: _, messages: __, stream: ___, ...rest } = body;
  expect(rest).toEqual(options);
});

const named = (body: Json) => list(body['tools']).map((one) => object(object(one)?.['function'])?.['name']);

describe('tools', () => {
  const tool: ToolDefinition = { name: 'f', description: 'does', parameters: { type: 'object' } };
  const other: ToolDefinition = { name: 'g', parameters: { type: 'object' } };

  it('are functions', async () => {
    const { body } = await bodyOf({ tools: [{ ...tool, strict: false }, other] });
    expect(body['tools']).toEqual([
      { type: 'function', function: tool },
      { type: 'function', function: other },
    ]);
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('strict_tools');
  });

  it.each([
    ['auto', undefined, ['f', 'g']],
    ['none', 'NONE', ['f', 'g']],
    ['required', 'REQUIRED', ['f', 'g']],
    [{ name: 'g' }, 'REQUIRED', ['g']],
  ] as const)('can be chosen: %j', async (toolChoice, choice, names) => {
    const { body } = await bodyOf({ tools: [tool, other], toolChoice });
    expect([body['tool_choice'], named(body)]).toEqual([choice, names]);
  });

  it('are not chosen where there are none', async () => {
    expect((await bodyOf({ tools: [], toolChoice: 'required' })).body).not.toHaveProperty('tool_choice');
  });

  it('are strict together or not at all', async () => {
    const strict = { ...tool, strict: true };
    expect(await bodyOf({ tools: [strict] })).toMatchObject({ body: { strict_tools: true }, warnings: [] });
    const mixed = await bodyOf({ tools: [strict, other] });
    expect(mixed.body).not.toHaveProperty('strict_tools');
    expect(mixed.warnings).toEqual([expect.objectContaining({ code: 'unsupported_setting', setting: 'strict' })]);
  });
});

describe('documents', () => {
  it('have an id, a title, a text and an address', async () => {
    const documents = [{ id: 'd1', title: 'T', text: 'a', url: 'https://x' }, { text: 'b' }];
    expect((await bodyOf({ documents })).body['documents']).toEqual([
      { id: 'd1', data: { title: 'T', snippet: 'a', url: 'https://x' } },
      { data: { snippet: 'b' } },
    ]);
  });

  it('are left out when they are empty', async () => {
    expect((await bodyOf({ documents: [] })).body).not.toHaveProperty('documents');
    expect((await bodyOf({ documents: [{ id: 'd', text: ' ' }] })).body).not.toHaveProperty('documents');
  });

  it('give an id to the first of those that share it', async () => {
    const documents = [
      { id: 'd', text: 'one' },
      { id: 'd', text: 'two' },
    ];
    expect((await bodyOf({ documents })).body['documents']).toEqual([
      { id: 'd', data: { snippet: 'one' } },
      { data: { snippet: 'two' } },
    ]);
  });
});
