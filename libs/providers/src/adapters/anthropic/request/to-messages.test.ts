import { describe, expect, it } from 'vitest';
import type { AssistantMessage, FilePart, ImagePart, Message, ToolMessage, UserMessage } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import { toMessages } from './to-messages.js';

function convert(prompt: readonly Message[], cite = false) {
  const warnings: Warning[] = [];
  return { ...toMessages(prompt, { cite, warnings }), warnings };
}

const user = (...texts: string[]): UserMessage => ({
  role: 'user',
  content: texts.map((text) => ({ type: 'text', text })),
});
const assistant = (...content: AssistantMessage['content']): AssistantMessage => ({ role: 'assistant', content });
const said = (text: string) => ({ type: 'text', text }) as const;
const call = (callId: string, args = '{}') => ({ type: 'tool-call', callId, name: 'f', arguments: args }) as const;
const results = (...ids: string[]): ToolMessage => ({
  role: 'tool',
  content: ids.map((callId, index) => ({ type: 'tool-result', callId, name: 'f', output: `out ${index}` })),
});
const use = (id: string, input: object = {}) => ({ type: 'tool_use', id, name: 'f', input });
const result = (id: string, content: string) => ({ type: 'tool_result', tool_use_id: id, content });
const system = (content: string) => ({ role: 'system', content }) as const;
const thought = (provider: string, one: Record<string, unknown>) =>
  ({ type: 'reasoning', provider, data: one }) as const;
const base64 = (data: string) => ({ type: 'base64', data }) as const;
const contentOf = (part: ImagePart | FilePart, cite = false) => {
  const { messages, warnings } = convert([{ role: 'user', content: [said('see'), part] }], cite);
  return { blocks: messages[0]?.content.slice(1), warnings };
};

it('has its instructions apart', () => {
  expect(convert([system('be brief'), user('hi')])).toMatchObject({
    system: 'be brief',
    messages: [{ role: 'user', content: [said('hi')] }],
  });
  expect(convert([user('hi')]).system).toBeUndefined();
});

it('never says nothing, though nothing of a message can be sent', () => {
  const zip: FilePart = { type: 'file', mediaType: 'application/zip', data: base64('AAAA') };
  const { messages } = convert([{ role: 'user', content: [zip] }, assistant(said('a')), user('b')]);
  expect(messages.map(({ content }) => content.length)).toEqual([1, 1, 1]);
});

describe('tools', () => {
  it('go both ways, with the results first', () => {
    const prompt = [user('hi'), assistant(said('let me see'), call('a', '{"x":1}'), call('b')), results('a', 'b')];
    expect(convert([...prompt, user('and?')]).messages.slice(1)).toEqual([
      { role: 'assistant', content: [said('let me see'), use('a', { x: 1 }), use('b')] },
      { role: 'user', content: [result('a', 'out 0'), result('b', 'out 1'), said('and?')] },
    ]);
  });
});

describe('thoughts', () => {
  const data = { type: 'thinking', thinking: 'hm', signature: 'sig' };
  const redacted = { type: 'redacted_thinking', data: 'AAAA' };

  it('go back to who had them, unchanged and in their place', () => {
    const answer = assistant(thought('anthropic', data), thought('anthropic', redacted), call('a'));
    expect(convert([user('hi'), answer, results('a')]).messages[1]?.content).toEqual([data, redacted, use('a')]);
  });

  it('are left out where they led to nothing', () => {
    const hosted = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const answer = assistant(thought('anthropic', hosted), thought('anthropic', data));
    expect(convert([user('hi'), answer, user('go on')]).messages[1]?.content).toEqual([hosted]);
    expect(convert([user('hi'), assistant(thought('anthropic', data)), user('go on')]).messages).toHaveLength(1);
  });
});

describe('attachments', () => {
  const url = { type: 'url', url: 'https://x/y' } as const;

  it.each([
    ['image/png', base64('AAAA'), { type: 'base64', media_type: 'image/png', data: 'AAAA' }],
    ['image/jpg', base64('AAAA'), { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' }],
    ['image/png', url, url],
  ])('are images (%s, %j)', (mediaType, data, source) => {
    expect(contentOf({ type: 'image', mediaType, data }).blocks).toEqual([{ type: 'image', source }]);
  });

  const utf8 = Buffer.from('naïve').toString('base64');
  it.each([
    ['application/pdf', base64('AAAA'), { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }],
    ['application/pdf', url, url],
    ['text/markdown; charset=utf-8', base64(utf8), { type: 'text', media_type: 'text/plain', data: 'naïve' }],
    ['application/json', base64(utf8), { type: 'text', media_type: 'text/plain', data: 'naïve' }],
  ])('are documents (%s, %j)', (mediaType, data, source) => {
    expect(contentOf({ type: 'file', mediaType, data }).blocks).toEqual([{ type: 'document', source }]);
    expect(contentOf({ type: 'file', mediaType, data, name: 'a' }, true).blocks).toEqual([
      { type: 'document', source, title: 'a', citations: { enabled: true } },
    ]);
  });

  it.each([
    { type: 'image', mediaType: 'image/svg+xml', data: base64('AAAA') },
    { type: 'file', mediaType: 'application/zip', data: base64('AAAA') },
    { type: 'file', mediaType: 'text/plain', data: url },
  ] as const)('are left out with a warning: %j', (part) => {
    const { blocks, warnings } = contentOf(part);
    expect(blocks).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'unsupported_content' }]);
  });

  it('are left out when there is nothing in them', () => {
    const { blocks, warnings } = contentOf({ type: 'file', mediaType: 'text/plain', data: base64('') });
    expect([blocks, warnings]).toEqual([[], []]);
  });
});
