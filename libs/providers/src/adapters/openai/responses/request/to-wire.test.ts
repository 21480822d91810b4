import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../../../spec/language-model.js';
import type { Message } from '../../../../spec/prompt.js';
import { say } from '../../../../testing/prompts.js';
import { toWire } from './to-wire.js';

/** The body as it is sent: fields without a value are not. */
function bodyOf(call: ModelCall) {
  const { body, warnings } = toWire(call, { provider: 'openai', model: 'm' });
  return { body: JSON.parse(JSON.stringify(body)), warnings };
}

const withOptions = (options: Record<string, unknown>): ModelCall => ({
  ...say('hi'),
  providerOptions: { openai: options, other: { top_k: 1 } },
});

describe('settings', () => {
  it('sends nothing that was not asked for, and leaves nothing at the provider', () => {
    expect(bodyOf(say('hi')).body).toEqual({
      model: 'm',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
      store: false,
      stream: true,
    });
  });

  it('honours what the format has, and warns of what it has not', () => {
    const settings = { maxTokens: 50, temperature: 0, topP: 0.5, topK: 3, frequencyPenalty: 0, stop: ['x'], seed: 0 };
    const { body, warnings } = bodyOf({ ...say('hi'), settings });
    expect(body).toMatchObject({ max_output_tokens: 50, temperature: 0, top_p: 0.5 });
    expect(warnings.map((one) => one.code === 'unsupported_setting' && one.setting)).toEqual([
      'topK',
      'frequencyPenalty',
      'stop',
      'seed',
    ]);
    expect(bodyOf({ ...say('hi'), settings: { stop: [] } }).warnings).toEqual([]);
  });

  it('asks for thoughts and for what carries them on, when reasoning is asked for', () => {
    const { body } = bodyOf({ ...say('hi'), settings: { reasoningEffort: 'low' } });
    expect(body).toMatchObject({
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    });
    expect(bodyOf({ ...say('hi'), settings: { reasoningEffort: 'none' } }).body.reasoning).toEqual({ effort: 'none' });
  });

  it('lets the options say more about reasoning', () => {
    const call = withOptions({ reasoning: { summary: 'detailed' }, include: ['message.output_text.logprobs'] });
    expect(bodyOf({ ...call, settings: { reasoningEffort: 'high' } }).body).toMatchObject({
      reasoning: { effort: 'high', summary: 'detailed' },
      include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
    });
  });

  it('passes on the options of this provider, but never another model, prompt or mode', () => {
    const evil = { model: 'evil', input: 'x', instructions: 'x', stream: false, background: true, prompt: { id: 'p' } };
    const { body } = bodyOf(withOptions({ service_tier: 'flex', store: true, ...evil, previous_response_id: 'r' }));
    expect(body).toEqual({ ...bodyOf(say('hi')).body, service_tier: 'flex', store: true });
  });
});

describe('tools', () => {
  const tool = { name: 'f', description: 'does', parameters: { type: 'object' } };
  const wire = { type: 'function', ...tool, strict: false };

  it('are ours, then those that run at the provider', () => {
    const call = withOptions({ tools: [{ type: 'web_search' }] });
    const { body } = bodyOf({ ...call, tools: [tool, { ...tool, strict: true }], toolChoice: { name: 'f' } });
    expect(body.tools).toEqual([wire, { ...wire, strict: true }, { type: 'web_search' }]);
    expect(body.tool_choice).toEqual({ type: 'function', name: 'f' });
  });

  it('can be chosen by the options as well', () => {
    const chosen = { type: 'image_generation' };
    const { body } = bodyOf({ ...withOptions({ tools: [chosen], tool_choice: chosen }), toolChoice: 'auto' });
    expect(body).toMatchObject({ tools: [chosen], tool_choice: chosen });
  });

  it('are not chosen where there are none', () => {
    const { body } = bodyOf({ ...withOptions({ tool_choice: 'auto', tools: [] }), tools: [], toolChoice: 'required' });
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('tools');
  });
});

describe('the prompt', () => {
  it('has its instructions apart, and later ones in their place', () => {
    const { body } = bodyOf({
      prompt: [
        { role: 'system', content: 'be brief' },
        { role: 'system', content: 'be kind' },
        ...say('hi').prompt,
        { role: 'system', content: 'be quick' },
      ],
    });
    expect(body.instructions).toBe('be brief\n\nbe kind');
    expect(body.input.map((item: { role: string }) => item.role)).toEqual(['user', 'system']);
    expect(bodyOf({ prompt: [{ role: 'system', content: 'x' }] }).body).toMatchObject({ instructions: 'x', input: [] });
  });

  it('has no empty text beside an image', () => {
    const image = { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y' } } as const;
    const { body } = bodyOf({ prompt: [{ role: 'user', content: [{ type: 'text', text: '' }, image] }] });
    expect(body.input[0].content).toMatchObject([{ type: 'input_image' }]);
  });

  it('holds images and files, by URL or as bytes', () => {
    const image = { type: 'image', mediaType: 'image/png' } as const;
    const file = { type: 'file', mediaType: 'application/pdf' } as const;
    const base64 = { type: 'base64', data: 'AAAA' } as const;
    const url = { type: 'url', url: 'https://x/y' } as const;
    const content = [
      { ...image, data: base64 },
      { ...image, data: url },
      { ...file, data: base64, name: 'a.pdf' },
      { ...file, data: base64 },
      { ...file, data: url },
    ];
    const { body, warnings } = bodyOf({ prompt: [{ role: 'user', content }] });
    expect(body.input[0].content).toEqual([
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
      { type: 'input_image', image_url: 'https://x/y', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
      { type: 'input_file', filename: 'file', file_data: 'data:application/pdf;base64,AAAA' },
      { type: 'input_file', file_url: 'https://x/y' },
    ]);
    expect(warnings).toEqual([]);
  });

  const loop: readonly Message[] = [
    ...say('hi').prompt,
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'let me see' },
        { type: 'reasoning', provider: 'openai', data: { id: 'rs_1', summary: [], encrypted_content: 'AAAA' } },
        { type: 'tool-call', callId: 'c1', name: 'f', arguments: '{}' },
      ],
    },
    { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', name: 'f', output: 'one' }] },
  ];

  it('gives back what was said in its order, and to each provider its own reasoning', () => {
    const { body } = bodyOf({ prompt: loop });
    expect(body.input.slice(1)).toEqual([
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'let me see', annotations: [] }],
      },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'AAAA' },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'one' },
    ]);
  });

  it('keeps asking for encrypted reasoning once there is some', () => {
    expect(bodyOf({ prompt: loop }).body.include).toEqual(['reasoning.encrypted_content']);
  });
});
