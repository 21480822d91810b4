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

/** What becomes of an answer, in the middle of the loop. */
async function loopOf(answer: AssistantMessage['content']) {
  const content = answer.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ type: 'tool-result' as const, callId: part.callId, name: 'f', output: `result of ${part.callId}` }]
      : [],
  );
  const question: Message = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
  const loop = [question, { role: 'assistant' as const, content: answer }, { role: 'tool' as const, content }];
  const { messages } = await messagesOf(...loop);
  const [, sentAnswer, ...results] = messages as unknown[];
  return { answer: sentAnswer, results };
}

it('sends standing instructions first', async () => {
  const system = { role: 'system', content: 'be brief' } as const;
  const user = { role: 'user', content: [{ type: 'text', text: 'hi' }] } as const;
  expect((await messagesOf(system, user)).messages).toEqual([system, { role: 'user', content: 'hi' }]);
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
    const { results } = await loopOf([
      { ...call, arguments: '{}' },
      { ...call, callId: 'c2', arguments: '{}' },
    ]);
    expect(results).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'result of c1' },
      { role: 'tool', tool_call_id: 'c2', content: 'result of c2' },
    ]);
  });

  it('gives back what was said before the calls', async () => {
    const content = [
      { type: 'text', text: 'let me ' },
      { type: 'text', text: 'see' },
      { ...call, arguments: '{}' },
    ] as const;
    expect((await loopOf(content)).answer).toEqual({
      role: 'assistant',
      content: 'let me see',
      tool_calls: [wireCall],
    });
  });

  it('gives back the plan and the thoughts that led to the calls', async () => {
    const parts = cohereParts(
      ...planEvents(['I will', ' look']),
      ...thinkingEvents(0, ['h', 'm']),
      ...callEvents(0, ['{}']),
      ...callEvents(1, ['{}']),
    );
    expect((await loopOf(toContent(parts))).answer).toEqual({
      role: 'assistant',
      content: [{ type: 'thinking', thinking: 'hm' }],
      tool_plan: 'I will look',
      tool_calls: [
        { ...wireCall, id: 'c0' },
        { ...wireCall, id: 'c1' },
      ],
    });
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
