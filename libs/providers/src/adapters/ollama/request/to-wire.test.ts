import { describe, expect, it } from 'vitest';
import type { CallSettings } from '../../../spec/call-settings.js';
import type { ModelCall } from '../../../spec/language-model.js';
import { say } from '../../../testing/prompts.js';
import { toWire } from './to-wire.js';

/** The body as it is sent: fields without a value are not. */
function bodyOf(call: ModelCall, model = 'llama3.2') {
  const { body, warnings } = toWire(call, { provider: 'ollama', model });
  return { body: JSON.parse(JSON.stringify(body)), warnings };
}

const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }];

describe('settings', () => {
  it('sends nothing that was not asked for', () => {
    expect(bodyOf(say('hi')).body).toEqual({
      model: 'llama3.2',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
  });

  it('honours every setting, a temperature of 0 too', () => {
    const settings: CallSettings = {
      maxTokens: 5,
      temperature: 0,
      topP: 0.5,
      topK: 9,
      frequencyPenalty: 0,
      presencePenalty: -1,
      stop: ['x'],
      seed: 0,
    };
    expect(bodyOf({ ...say('hi'), settings })).toEqual({
      body: expect.objectContaining({
        options: {
          num_predict: 5,
          temperature: 0,
          top_p: 0.5,
          top_k: 9,
          frequency_penalty: 0,
          presence_penalty: -1,
          stop: ['x'],
          seed: 0,
        },
      }),
      warnings: [],
    });
  });

  it.each([
    ['qwen3', 'none', false],
    ['qwen3', 'minimal', true],
    ['qwen3', 'max', true],
    ['gpt-oss:20b', 'none', 'low'],
    ['gpt-oss:20b', 'medium', 'medium'],
    ['gpt-oss:20b', 'xhigh', 'high'],
  ] as const)('lets %s think with %s as %s', (model, reasoningEffort, think) => {
    expect(bodyOf({ ...say('hi'), settings: { reasoningEffort } }, model).body.think).toBe(think);
  });

  it('joins the options of the caller to its own, and lets none replace the prompt', () => {
    const providerOptions = { ollama: { keep_alive: '1h', options: { num_ctx: 8192 }, stream: false, model: 'x' } };
    const { body } = bodyOf({ ...say('hi'), settings: { temperature: 0 }, providerOptions });
    expect(body).toMatchObject({
      keep_alive: '1h',
      options: { temperature: 0, num_ctx: 8192 },
      stream: true,
      model: 'llama3.2',
    });
  });
});

describe('messages', () => {
  it('takes images as base64, and warns of what it cannot take', () => {
    const { body, warnings } = bodyOf({
      prompt: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'what is' },
            { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } },
            { type: 'text', text: 'this?' },
            { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'http://x' } },
            { type: 'file', mediaType: 'application/pdf', data: { type: 'base64', data: 'BBBB' } },
          ],
        },
      ],
    });
    expect(body.messages).toEqual([{ role: 'user', content: 'what is\n\nthis?', images: ['AAAA'] }]);
    expect(warnings.map(({ code }) => code)).toEqual(['unsupported_content', 'unsupported_content']);
  });

  it('sends calls with their arguments as objects, its own thoughts, and the results by name', () => {
    const { body } = bodyOf({
      prompt: [
        { role: 'system', content: 'be brief' },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', provider: 'ollama', data: { thinking: 'hm' } },
            { type: 'tool-call', callId: 'c1', name: 'f', arguments: '{"a":[1]}' },
            { type: 'tool-call', callId: 'c2', name: 'f', arguments: '{}' },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', callId: 'c1', name: 'f', output: '1' },
            { type: 'tool-result', callId: 'c2', name: 'f', output: 'not JSON' },
          ],
        },
      ],
    });
    expect(body.messages).toEqual([
      { role: 'system', content: 'be brief' },
      {
        role: 'assistant',
        content: '',
        thinking: 'hm',
        tool_calls: [
          { id: 'c1', function: { name: 'f', arguments: { a: [1] } } },
          { id: 'c2', function: { name: 'f', arguments: {} } },
        ],
      },
      { role: 'tool', content: '1', tool_name: 'f', tool_call_id: 'c1' },
      { role: 'tool', content: 'not JSON', tool_name: 'f', tool_call_id: 'c2' },
    ]);
  });
});

describe('tools', () => {
  it('are functions', () => {
    const { body, warnings } = bodyOf({ ...say('hi'), tools });
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } },
    ]);
    expect(warnings).toEqual([]);
  });

  it('are left out where none may be called', () => {
    expect(bodyOf({ ...say('hi'), tools, toolChoice: 'none' }).body).not.toHaveProperty('tools');
  });

  it.each(['required', { name: 'f' }] as const)('cannot be asked for as %j', (toolChoice) => {
    const { body, warnings } = bodyOf({ ...say('hi'), tools, toolChoice });
    expect(body.tools).toHaveLength(1);
    expect(warnings).toEqual([expect.objectContaining({ setting: 'toolChoice' })]);
  });
});
