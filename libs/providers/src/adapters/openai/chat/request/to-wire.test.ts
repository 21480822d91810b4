import { describe, expect, it } from 'vitest';
import type { CallSettings } from '../../../../spec/call-settings.js';
import type { ModelCall } from '../../../../spec/language-model.js';
import { say } from '../../../../testing/prompts.js';
import { dialectOf } from '../../dialect-of.js';
import { toWire } from './to-wire.js';

const ref = { provider: 'openai', model: 'm' };

/** The body as it is sent: fields without a value are not. */
function bodyOf(call: ModelCall, baseUrl = 'http://127.0.0.1/v1') {
  const { body, warnings } = toWire(call, ref, dialectOf(baseUrl));
  return { body: JSON.parse(JSON.stringify(body)), warnings };
}

describe('settings', () => {
  it('sends nothing that was not asked for', () => {
    expect(bodyOf(say('hi')).body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('honours every setting, a temperature of 0 too', () => {
    const settings: CallSettings = {
      maxTokens: 5,
      temperature: 0,
      topP: 0.5,
      frequencyPenalty: 0,
      presencePenalty: -1,
      stop: ['x'],
      seed: 0,
      reasoningEffort: 'low',
    };
    expect(bodyOf({ ...say('hi'), settings }).body).toMatchObject({
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      frequency_penalty: 0,
      presence_penalty: -1,
      stop: ['x'],
      seed: 0,
      reasoning_effort: 'low',
    });
  });

  it.each([
    ['https://api.openai.com/v1', 'max_completion_tokens'],
    ['https://eu.api.openai.com/v1', 'max_completion_tokens'],
    ['https://api.openai.com.example.org/v1', 'max_tokens'],
    ['http://localhost:8000/v1', 'max_tokens'],
  ])('limits the answer at %s by %s', (baseUrl, field) => {
    const { body } = bodyOf({ ...say('hi'), settings: { maxTokens: 9 } }, baseUrl);
    expect(body[field]).toBe(9);
    expect(Object.keys(body).filter((name) => name.startsWith('max_'))).toEqual([field]);
  });

  it('warns of top_k, leaves out an empty stop list', () => {
    const { body, warnings } = bodyOf({ ...say('hi'), settings: { topK: 3, stop: [] } });
    expect(body).not.toHaveProperty('stop');
    expect(warnings).toEqual([expect.objectContaining({ code: 'unsupported_setting', setting: 'topK' })]);
  });

  it('passes on the options of this provider, but never another model, prompt, stream or choice count', () => {
    const options = { service_tier: 'flex', model: 'evil', stream: false, n: 3, messages: [] };
    const { body } = bodyOf({ ...say('hi'), providerOptions: { openai: options, other: { top_k: 1 } } });
    expect(body).toMatchObject({ service_tier: 'flex', model: 'm', stream: true, messages: [{ content: 'hi' }] });
    expect(body).not.toHaveProperty('n');
    expect(body).not.toHaveProperty('top_k');
  });
});

describe('messages', () => {
  it('converts a conversation with tools', () => {
    const { body } = bodyOf({
      prompt: [
        { role: 'system', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool-call', callId: 'c1', name: 'f', arguments: '{"x":1}' }] },
        { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', name: 'f', output: 'one' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'done' }] },
      ],
      tools: [{ name: 'f', description: 'does', parameters: { type: 'object' } }],
      toolChoice: { name: 'f' },
    });
    expect(body.messages).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'a\n\nb' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'assistant', content: 'done' },
    ]);
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'does', parameters: { type: 'object' } } },
    ]);
    expect(body.tool_choice).toEqual({ type: 'function', function: { name: 'f' } });
  });

  it('sends no empty text beside an image', () => {
    const image = { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.png' } } as const;
    const { body } = bodyOf({ prompt: [{ role: 'user', content: [{ type: 'text', text: ' ' }, image] }] });
    expect(body.messages[0].content).toEqual([{ type: 'image_url', image_url: { url: 'https://x/y.png' } }]);
  });

  it('converts images and files, and warns of a file that is only a URL', () => {
    const { body, warnings } = bodyOf({
      prompt: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'see' },
            { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } },
            { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.png' } },
            { type: 'file', mediaType: 'application/pdf', name: 'a.pdf', data: { type: 'base64', data: 'BBBB' } },
            { type: 'file', mediaType: 'application/pdf', data: { type: 'url', url: 'https://x/a.pdf' } },
          ],
        },
      ],
    });
    expect(body.messages[0].content).toEqual([
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://x/y.png' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
    ]);
    expect(warnings).toEqual([expect.objectContaining({ code: 'unsupported_content' })]);
  });

  it('sends no tool choice without tools', () => {
    expect(bodyOf({ ...say('hi'), tools: [], toolChoice: 'required' }).body).not.toHaveProperty('tool_choice');
  });
});
