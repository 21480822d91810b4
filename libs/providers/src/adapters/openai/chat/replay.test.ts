import { describe, expect, it } from 'vitest';
import type { AssistantMessage, Message } from '../../../spec/prompt.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import { say } from '../../../testing/prompts.js';
import { faultsOf } from '../../../testing/well-formed.js';
import { dialect } from './dialect.js';
import { chatFormat } from './format.js';

const ref = { provider: 'p', model: 'm' };
const call = (fields: object = {}) => ({ index: 0, id: 'c1', function: { name: 'f', arguments: '{}' }, ...fields });

/** The parts of an answer of these deltas. */
function partsOf(wantedThoughts: readonly string[], ...deltas: object[]): readonly StreamPart[] {
  const reader = chatFormat(dialect()).newReader({ ref, secrets: [], wantedThoughts }, () => 'made');
  for (const delta of deltas) reader.frame({ choices: [{ index: 0, delta }] });
  reader.end(true);
  const parts = reader.take();
  expect(faultsOf(parts)).toEqual([]);
  return parts;
}

/** The assistant message of the request behind a tool's answer, after an answer of these parts. */
function sentAfter(parts: readonly StreamPart[]) {
  const content = parts.flatMap((part): AssistantMessage['content'] => {
    if (part.type === 'reasoning-replay') return [part.reasoning];
    if (part.type !== 'tool-call-start') return [];
    return [{ type: 'tool-call', callId: part.callId, name: part.name, arguments: '{}' }];
  });
  const prompt: Message[] = [...say('hi').prompt, { role: 'assistant', content }];
  const { body } = chatFormat(dialect()).toWire({ prompt }, ref);
  return (body as { messages: object[] }).messages[1];
}

describe('thoughts', () => {
  it('end with a delta that is a blank line, and another begins behind it', () => {
    const parts = partsOf([], ...['one', '\n\n', 'two', '\n\n!'].map((reasoning) => ({ reasoning })));
    const thoughts = parts.flatMap((part) => (part.type === 'reasoning-delta' ? [[part.id, part.text]] : []));
    expect(thoughts).toEqual([
      ['reasoning-0', 'one'],
      ['reasoning-0', '\n\n'],
      ['reasoning-1', 'two'],
      ['reasoning-1', '\n\n!'],
    ]);
  });

  it('go back to DeepSeek with the call that they led to', () => {
    const parts = partsOf(
      ['reasoning_content'],
      { reasoning_content: 'let me' },
      { reasoning_content: ' see' },
      { tool_calls: [call()] },
    );
    const types = parts.map(({ type }) => type);
    expect(types.indexOf('reasoning-replay')).toBeLessThan(types.indexOf('tool-call-start'));
    expect(sentAfter(parts)).toMatchObject({ reasoning_content: 'let me see', tool_calls: [{ id: 'c1' }] });
  });

  it('go back to OpenRouter as they came, also those that came behind the call', () => {
    const [first, second] = [
      { type: 'reasoning.text', text: 'hm' },
      { type: 'reasoning.encrypted', data: 'x' },
    ];
    const parts = partsOf(
      ['reasoning_details'],
      { reasoning_details: [first] },
      { tool_calls: [call()] },
      { reasoning_details: [second] },
    );
    expect(sentAfter(parts)).toMatchObject({ reasoning_details: [first, second] });
  });

  it('go back as text and as details where both are wanted, also when the server calls the text by its other name', () => {
    const details = [{ type: 'reasoning.text', text: 'hm' }];
    const wanted = ['reasoning_content', 'reasoning_details'];
    const parts = partsOf(wanted, { reasoning: 'hm', reasoning_details: details }, { tool_calls: [call()] });
    expect(sentAfter(parts)).toMatchObject({ reasoning_content: 'hm', reasoning_details: details });
  });

  it('go back to nobody else', () => {
    const parts = partsOf([], { reasoning_content: 'hm', reasoning_details: [{}] }, { tool_calls: [call()] });
    expect(parts.filter(({ type }) => type === 'reasoning-replay')).toEqual([]);
  });
});

it('gives Gemini the signatures of its calls back', () => {
  const extra_content = { google: { thought_signature: 'signed' } };
  const parts = partsOf([], { tool_calls: [call({ extra_content }), call({ index: 1, id: 'c2' })] });
  const calls = [{ id: 'c1', extra_content }, { id: 'c2' }];
  expect(sentAfter(parts)).toMatchObject({ tool_calls: calls });
  expect((sentAfter(parts) as { tool_calls: object[] }).tool_calls[1]).not.toHaveProperty('extra_content');
});
