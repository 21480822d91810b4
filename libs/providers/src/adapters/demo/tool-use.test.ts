import { describe, expect, it } from 'vitest';
import { generate } from '../../spec/generate.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { Message } from '../../spec/prompt.js';
import { noAbort } from '../../testing/prompts.js';
import { createDemoProvider } from './provider.js';

const clock = {
  name: 'clock',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, style: { enum: ['long', 'short'] }, count: { type: 'integer' } },
  },
};
const SAMPLE = '{"city":"…","style":"long","count":1}';
const asked = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const ask = (text: string, more: Partial<ModelCall> = {}) =>
  generate(
    createDemoProvider('demo', async () => undefined).model('demo'),
    { prompt: [asked(text)], tools: [clock], ...more },
    noAbort(),
  );

describe('a tool of the demo model', () => {
  it.each([
    ['(call=clock {"city":"Oslo (old)"}) please', '{"city":"Oslo (old)"}'],
    ['What time is it? (call=clock)', '{}'],
  ])('is called by %s', async (text, args) => {
    const { toolCalls, finish, text: said } = await ask(text);
    expect(toolCalls).toMatchObject([{ name: 'clock', arguments: args }]);
    expect({ said, reason: finish.unified }).toEqual({ said: '', reason: 'tool_calls' });
  });

  it('is called by what the assistant says in place of the person', async () => {
    const { toolCalls } = await ask('Show me', { providerOptions: { demo: { message: '(call=clock {"count":2})' } } });
    expect(toolCalls).toMatchObject([{ name: 'clock', arguments: '{"count":2}' }]);
  });

  it.each(['required', { name: 'clock' }] as const)('is called where the call says so: %j', async (toolChoice) => {
    const { toolCalls } = await ask('Hello', { toolChoice });
    expect(toolCalls).toMatchObject([{ name: 'clock', arguments: SAMPLE }]);
  });

  it('is not called where the call forbids it', async () => {
    const { toolCalls, text } = await ask('(call=clock)', { toolChoice: 'none' });
    expect({ toolCalls, isAnswered: text.includes('> (call=clock)') }).toEqual({ toolCalls: [], isAnswered: true });
  });

  it('is offered by an answer', async () => {
    expect((await ask('Hello')).text).toContain(`- \`(call=clock ${SAMPLE})\``);
    expect((await ask('Hello', { tools: [] })).text).not.toContain('(call=');
  });

  it('is named where another one was asked for', async () => {
    const { toolCalls, text } = await ask('(call=phone)');
    expect(toolCalls).toEqual([]);
    expect(text).toContain('There is no tool `phone` here.');
    expect(text).toContain('(call=clock ');
    expect((await ask('(call=phone)', { tools: [] })).text).toContain('This assistant has no tools.');
  });

  it('has its result told, whatever it holds', async () => {
    const called: Message = {
      role: 'assistant',
      content: [{ type: 'tool-call', callId: 'c', name: 'clock', arguments: '{}' }],
    };
    const result: Message = {
      role: 'tool',
      content: [{ type: 'tool-result', callId: 'c', name: 'clock', output: 'noon ```' }],
    };
    const { toolCalls, text } = await ask('', { prompt: [asked('(call=clock)'), called, result] });
    expect(toolCalls).toEqual([]);
    expect(text).toContain('The tool `clock` has returned:\n\n````\nnoon ```\n````');
  });
});
