import { describe, expect, it } from 'vitest';
import { ChatCompletionRequest } from '#runtime';
import { toModelCall } from './to-model-call.js';

const callOf = (body: object) => toModelCall(ChatCompletionRequest.parse({ model: 'm', ...body }));
const user = { role: 'user', content: 'Hi' };
const image = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'high' } });
const asks = (id: string) => ({ id, type: 'function', function: { name: `tool_${id}`, arguments: '{}' } });

describe('a request of the gateway as a model call', () => {
  it('is a prompt alone, where everything else is absent or null', () => {
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
    expect(callOf({ messages: [user] })).toEqual({ prompt });
    const nulls = { temperature: null, tools: null, tool_choice: null, stop: null, max_tokens: null, user: 'u', x: 1 };
    expect(callOf({ messages: [user], ...nulls })).toEqual({ prompt });
  });

  it('has all settings', () => {
    const { settings } = callOf({
      messages: [user],
      max_tokens: 1,
      max_completion_tokens: 2,
      temperature: 0,
      top_p: 0.5,
      frequency_penalty: -1,
      presence_penalty: 1,
      stop: ['a', 'b'],
      seed: 0,
      reasoning_effort: 'low',
    });
    expect(settings).toEqual({
      maxTokens: 2,
      temperature: 0,
      topP: 0.5,
      frequencyPenalty: -1,
      presencePenalty: 1,
      stop: ['a', 'b'],
      seed: 0,
      reasoningEffort: 'low',
    });
  });

  it('joins the results of one round of tools, and names them', () => {
    const { prompt } = callOf({
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'Be ' },
            { type: 'text', text: 'brief.' },
          ],
        },
        user,
        { role: 'assistant', content: null, tool_calls: [asks('1'), asks('2')] },
        { role: 'tool', tool_call_id: '2', content: 'two' },
        { role: 'tool', tool_call_id: '1', content: [{ type: 'text', text: 'one' }] },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
      ],
    });
    expect(prompt).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      {
        role: 'assistant',
        content: ['1', '2'].map((callId) => ({ type: 'tool-call', callId, name: `tool_${callId}`, arguments: '{}' })),
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: '2', name: 'tool_2', output: 'two' },
          { type: 'tool-result', callId: '1', name: 'tool_1', output: 'one' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'No.' }] },
    ]);
  });

  it('takes pictures by their bytes or address, and files by their bytes', () => {
    const file = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } };
    const content = [image('data:image/webp;base64,AQ=='), image('https://x/y.PNG?z=1'), image('https://x/y'), file];
    const { prompt } = callOf({ messages: [{ role: 'user', content }] });
    expect(prompt[0]?.content).toEqual([
      { type: 'image', mediaType: 'image/webp', data: { type: 'base64', data: 'AQ==' } },
      { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.PNG?z=1' } },
      { type: 'image', mediaType: 'image/jpeg', data: { type: 'url', url: 'https://x/y' } },
      { type: 'file', mediaType: 'application/pdf', data: { type: 'base64', data: 'AA==' }, name: 'a.pdf' },
    ]);
  });

  it('shows pictures of an earlier answer with what was written next, and after the results of its tools', () => {
    const pixel = 'data:image/png;base64,AQ==';
    const shown = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AQ==' } };
    const painted = { role: 'assistant', content: 'Here.', images: [{ ...image(pixel), index: 0 }] };
    const { prompt } = callOf({ messages: [user, painted, user] });
    expect(prompt.slice(1)).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'Here.' }] },
      { role: 'user', content: [shown, { type: 'text', text: 'Hi' }] },
    ]);
    const asking = { ...painted, images: [{ image_url: { url: pixel } }], tool_calls: [asks('1')] };
    const results = [{ role: 'tool', tool_call_id: '1', content: 'one' }];
    const inTools = callOf({ messages: [user, asking, ...results] }).prompt;
    expect(inTools.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(inTools.at(-1)?.content).toEqual([shown]);
  });

  it('refuses an address of a picture that is none', () => {
    for (const url of ['http://:99999', 'file:///etc/passwd', 'data:text/html;base64,AA=='])
      expect(() => callOf({ messages: [{ role: 'user', content: [image(url)] }] })).toThrow('must be an http(s) URL');
  });

  it('has tools, and the one that must be called', () => {
    const call = callOf({
      messages: [user],
      tools: [
        { type: 'function', function: { name: 'a', description: 'A', strict: true, parameters: { type: 'object' } } },
        { type: 'function', function: { name: 'b' } },
      ],
      tool_choice: { type: 'function', function: { name: 'b' } },
    });
    expect(call.tools).toEqual([
      { name: 'a', description: 'A', strict: true, parameters: { type: 'object' } },
      { name: 'b', parameters: { type: 'object', properties: {} } },
    ]);
    expect(call.toolChoice).toEqual({ name: 'b' });
  });
});
