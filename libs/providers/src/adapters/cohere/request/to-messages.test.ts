import { describe, expect, it } from 'vitest';
import type { StreamPart, Warning } from '../../../spec/stream-part.js';
import type { AssistantMessage, Message } from '../../../spec/prompt.js';
import { callEvents, cohereParts, planEvents, thinkingEvents } from '../../../testing/cohere-events.js';
import { toMessages } from './to-messages.js';

function messagesOf(...prompt: Message[]) {
  const warnings: Warning[] = [];
  return { messages: prompt.flatMap((message) => toMessages(message, 'cohere', warnings)), warnings };
}

it('sends standing instructions where they stand', () => {
  const system = { role: 'system', content: 'be brief' } as const;
  const user = { role: 'user', content: [{ type: 'text', text: 'hi' }] } as const;
  expect(messagesOf(system, user, system).messages).toEqual([system, { role: 'user', content: 'hi' }, system]);
});

it('leaves out messages without content, which would be refused', () => {
  const { messages } = messagesOf(
    { role: 'system', content: '' },
    { role: 'user', content: [{ type: 'text', text: '' }] },
    { role: 'assistant', content: [{ type: 'text', text: '' }] },
    { role: 'assistant', content: [] },
  );
  expect(messages).toEqual([]);
});

describe('what a person says', () => {
  it('is one text where there are only texts', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ] as const;
    expect(messagesOf({ role: 'user', content }).messages).toEqual([{ role: 'user', content: 'a\n\nb' }]);
  });

  it('holds images, by URL or as bytes, but no files', () => {
    const content = [
      { type: 'text', text: 'look' },
      { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } },
      { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.png' } },
      { type: 'file', mediaType: 'application/pdf', data: { type: 'base64', data: 'AAAA' } },
    ] as const;
    const { messages, warnings } = messagesOf({ role: 'user', content });
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'image_url', image_url: { url: 'https://x/y.png' } },
        ],
      },
    ]);
    expect(warnings).toEqual([{ code: 'unsupported_content', detail: expect.stringContaining('application/pdf') }]);
  });
});

describe('a tool loop', () => {
  const call = { type: 'tool-call', callId: 'c1', name: 'f' } as const;
  const wireCall = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };

  it('gives each result in a message of its own', () => {
    const result = { type: 'tool-result', name: 'f' } as const;
    const content = [
      { ...result, callId: 'c1', output: 'one' },
      { ...result, callId: 'c2', output: '{"two":2}' },
    ];
    expect(messagesOf({ role: 'tool', content }).messages).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: '{"two":2}' },
    ]);
  });

  it.each([
    ['{"a":1}', '{"a":1}'],
    ['', '{}'],
    ['null', '{}'],
    [' null\n', '{}'],
    ['{"a"', '{"a"'],
  ])('gives back the arguments %j as %j', (given, sent) => {
    const { messages } = messagesOf({ role: 'assistant', content: [{ ...call, arguments: given }] });
    expect(messages).toEqual([
      { role: 'assistant', tool_calls: [{ ...wireCall, function: { name: 'f', arguments: sent } }] },
    ]);
  });

  it('gives back what was said before the calls', () => {
    const content = [
      { type: 'text', text: 'let me ' },
      { type: 'text', text: 'see' },
      { ...call, arguments: '{}' },
    ] as const;
    expect(messagesOf({ role: 'assistant', content }).messages).toEqual([
      { role: 'assistant', content: 'let me see', tool_calls: [wireCall] },
    ]);
  });

  it('gives back the plan and the thoughts that led to the calls', () => {
    const parts = cohereParts(
      ...planEvents(['I will', ' look']),
      ...thinkingEvents(0, ['h', 'm']),
      ...callEvents(0, ['{}']),
      ...callEvents(1, ['{}']),
    );
    expect(messagesOf({ role: 'assistant', content: toContent(parts) }).messages).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'thinking', thinking: 'hm' }],
        tool_plan: 'I will look',
        tool_calls: [
          { ...wireCall, id: 'c0' },
          { ...wireCall, id: 'c1' },
        ],
      },
    ]);
  });

  it('gives nobody the thoughts of another', () => {
    const data = { thinking: 'hm', tool_plan: 'so' };
    const content = [
      { type: 'reasoning', provider: 'other', data },
      { ...call, arguments: '{}' },
    ] as const;
    expect(messagesOf({ role: 'assistant', content }).messages).toEqual([
      { role: 'assistant', tool_calls: [wireCall] },
    ]);
  });
});

/** What was said, as the assistant message of the next call. */
function toContent(parts: readonly StreamPart[]): AssistantMessage['content'] {
  return parts.flatMap((part): AssistantMessage['content'] => {
    if (part.type === 'reasoning-replay') return [part.reasoning];
    if (part.type !== 'tool-call-start') return [];
    return [{ type: 'tool-call', callId: part.callId, name: part.name, arguments: '{}' }];
  });
}
