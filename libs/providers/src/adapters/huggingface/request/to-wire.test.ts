import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../../spec/language-model.js';
import { ProviderError } from '../../../spec/provider-error.js';
import { say } from '../../../testing/prompts.js';
import { chatTemplate } from './chat-template.js';
import { toWire } from './to-wire.js';

const ref = { provider: 'huggingface', model: 'm' };

function bodyOf(call: ModelCall, template = chatTemplate({ bosToken: '', eosToken: '' }), details = true) {
  const { body, warnings } = toWire(call, ref, { template, details });
  return { body: JSON.parse(JSON.stringify(body)), warnings };
}

const LLAMA2 =
  '{% for m in messages %}{% if m.role == "user" %}{{ bos_token + "[INST] " + m.content + " [/INST]" }}' +
  '{% elif m.role == "assistant" %}{{ " " + m.content + " " + eos_token }}' +
  '{% else %}{{ raise_exception("no " + m.role + " here") }}{% endif %}{% endfor %}';

const talk: ModelCall['prompt'] = [
  ...say('hi').prompt,
  { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
  ...say('bye').prompt,
];

describe('the text', () => {
  it('is ChatML by default, and does not run beyond its end', () => {
    const prompt: ModelCall['prompt'] = [{ role: 'system', content: 'be brief' }, ...talk];
    expect(bodyOf({ prompt }).body).toEqual({
      inputs:
        '<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n' +
        '<|im_start|>assistant\nhello<|im_end|>\n<|im_start|>user\nbye<|im_end|>\n<|im_start|>assistant\n',
      parameters: { max_new_tokens: 1_024, stop: ['<|im_end|>'], return_full_text: false, details: true },
    });
  });

  it('is what the template of the model makes of it', () => {
    const template = chatTemplate({ chatTemplate: LLAMA2, bosToken: '<s>', eosToken: '</s>' });
    const { body } = bodyOf({ prompt: talk }, template, false);
    expect(body).toEqual({
      inputs: '<s>[INST] hi [/INST] hello </s><s>[INST] bye [/INST]',
      parameters: { max_new_tokens: 1_024, return_full_text: false },
    });
  });

  it('cannot be what the template refuses', () => {
    const template = chatTemplate({ chatTemplate: LLAMA2, bosToken: '', eosToken: '' });
    const refused = () => bodyOf({ prompt: [{ role: 'system', content: 'x' }] }, template);
    expect(refused).toThrow(ProviderError);
    expect(refused).toThrow(
      expect.objectContaining({ code: 'bad_request', detail: expect.stringContaining('no system') }),
    );
  });

  it('holds no images', () => {
    const image = { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'http://x' } } as const;
    const { warnings } = bodyOf({ prompt: [{ role: 'user', content: [image] }] });
    expect(warnings).toEqual([expect.objectContaining({ code: 'unsupported_content' })]);
  });
});

describe('settings', () => {
  it('are parameters', () => {
    const settings = { maxTokens: 5, temperature: 0.5, topP: 0.5, topK: 9, frequencyPenalty: 1, stop: ['x'], seed: 0 };
    expect(bodyOf({ ...say('hi'), settings })).toEqual({
      body: expect.objectContaining({
        parameters: {
          max_new_tokens: 5,
          temperature: 0.5,
          top_p: 0.5,
          top_k: 9,
          frequency_penalty: 1,
          stop: ['<|im_end|>', 'x'],
          seed: 0,
          return_full_text: false,
          details: true,
        },
      }),
      warnings: [],
    });
  });

  it('are said otherwise where the server takes no 0 and no 1', () => {
    const { parameters } = bodyOf({ ...say('hi'), settings: { temperature: 0, topP: 1 } }).body;
    expect(parameters).toMatchObject({ do_sample: false });
    expect(parameters).not.toHaveProperty('temperature');
    expect(parameters).not.toHaveProperty('top_p');
  });

  it('that have no place are warned of', () => {
    const tools = [{ name: 'f', parameters: {} }];
    const settings = { presencePenalty: 0, reasoningEffort: 'low' } as const;
    const { warnings } = bodyOf({ ...say('hi'), settings, tools });
    expect(warnings.map((warning) => 'setting' in warning && warning.setting)).toEqual([
      'presencePenalty',
      'reasoningEffort',
      'tools',
    ]);
  });

  it('may be added to by the caller', () => {
    const providerOptions = { huggingface: { parameters: { typical_p: 0.9, return_full_text: true }, inputs: 'x' } };
    const { body } = bodyOf({ ...say('hi'), providerOptions });
    expect(body.parameters).toMatchObject({ typical_p: 0.9, return_full_text: false });
    expect(body.inputs).toContain('hi');
  });
});
