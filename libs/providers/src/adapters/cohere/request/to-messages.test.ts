import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../../spec/stream-part.js';
import type { AssistantMessage, Message } from '../../../spec/prompt.js';
import { callEvents, cohereParts, planEvents, thinkingEvents } from '../../../testing/cohere-events.js';
import { cohereServer } from '../../../testing/cohere-sent.js';

const sent = cohereServer();

async function messagesOf(...prompt: Message[]) {
  const { body, warnings } = await sent({ prompt });
  return { messages: body['messages'], warnings };
}

it('sends standing instructions where they stand', async () => {
  const system = { role: 'system', content: 'be brief' } as const;
  const user = { role: 'user', content: [{ type: 'text', text: 'hi' }] } as const;
  expect((await messagesOf(system, user, system)).messages).toEqual([system, { role: 'user', content: 'hi' }, system]);
});

it('leaves out messages without content, which would be refused', async () => {
  const { messages } = await messagesOf(
    { role: 'system', content: '' },
    { role: 'user', content: [{ type: 'text', text: '' }] },
    { role: 'assistant', content: [{ type: 'text', text: '' }] },
    { role: 'assistant', content: [] },
  );
  expect(messages).toEqual([]);
});

/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('what a person says', () => {
  it('is one text where there are only texts', async () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ] as const;
    expect((await messagesOf({ role: 'user', content })).messages).toEqual([{ role: 'user', content: 'a\n\nb' }]);
  });

  it('holds images, by URL or as bytes, but no files', async () => {
    const content = [
      { type: 'text', text: 'look' },
      { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: PNG } },
      { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x/y.png' } },
      { type: 'file', mediaType: 'application/pdf', data: { type: 'base64', data: 'AAAA' } },
    ] as const;
    const { messages, warnings } = await messagesOf({ role: 'user', content });
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          { type: 'image_url', image_url: { url: 'https://x/y.png' } },
          { type: 'text', text: expect.stringMatching(/^\[attachment file .* cannot read\]$/) as string },
        ],
      },
    ]);
    expect(warnings).toMatchObject([
      { code: 'unsupported_content', detail: expect.stringContaining('cannot read') as string },
    ]);
  });
});

describe('a tool loop', () => {
  const call = { type: 'tool-call', callId: 'c1', name: 'f' } as const;
  const wireCall = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };

  it('gives each result in a message of its own', async () => {
    const result = { type: 'tool-result', name: 'f' } as const;
    const content = [
      { ...result, callId: 'c1', output: 'one' },
      { ...result, callId: 'c2', output: '{"two":2}' },
    ];
    expect((await messagesOf({ role: 'tool', content })).messages).toEqual([
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
  ])('gives back the arguments %j as %j', async (given, arrived) => {
    const { messages } = await messagesOf({ role: 'assistant', content: [{ ...call, arguments: given }] });
    expect(messages).toEqual([
      { role: 'assistant', tool_calls: [{ ...wireCall, function: { name: 'f', arguments: arrived } }] },
    ]);
  });

  it('gives back what was said before the calls', async () => {
    const content = [
      { type: 'text', text: 'let me ' },
      { type: 'text', text: 'see' },
      { ...call, arguments: '{}' },
    ] as const;
    expect((await messagesOf({ role: 'assistant', content })).messages).toEqual([
      { role: 'assistant', content: 'let me see', tool_calls: [wireCall] },
    ]);
  });

  it('gives back the plan and the thoughts that led to the calls', async () => {
    const parts = cohereParts(
      ...planEvents(['I will', ' look']),
      ...thinkingEvents(0, ['h', 'm']),
      ...callEvents(0, ['{}']),
      ...callEvents(1, ['{}']),
    );
    expect((await messagesOf({ role: 'assistant', content: toContent(parts) })).messages).toEqual([
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

  it('gives nobody the thoughts of another', async () => {
    const data = { thinking: 'hm', tool_plan: 'so' };
    const content = [
      { type: 'reasoning', provider: 'other', data },
      { ...call, arguments: '{}' },
    ] as const;
    expect((await messagesOf({ role: 'assistant', content })).messages).toEqual([
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
