import { expect, it } from 'vitest';
import type { Message } from './prompt.js';
import { extraWithoutContent, withoutContent } from './without-content.js';

const prompt: readonly Message[] = [
  { role: 'system', content: 'Answer in the words of a pirate, always.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'My diagnosis is nobody else’s business.' },
      { type: 'file', mediaType: 'application/pdf', name: 'divorce.pdf', data: { type: 'base64', data: '' } },
    ],
  },
  {
    role: 'assistant',
    content: [{ type: 'tool-call', callId: '1', name: 'look_up', arguments: '{"iban":"DE00 1234"}' }],
  },
  {
    role: 'tool',
    content: [{ type: 'tool-result', callId: '1', name: 'look_up', output: 'The balance is 12 euros.' }],
  },
];

it('takes out what is quoted of messages, tool calls and results, also a part of it, and file names', () => {
  const text =
    `invalid content "My diagnosis is nobody" in divorce.pdf, ` +
    `arguments {"iban":"DE00 1234"}, result: balance is 12 euros. Model m1 takes 4096 tokens.`;
  expect(withoutContent(text, prompt)).toBe(
    `invalid content "[content]" in [file name], arguments [content], result:[content] Model m1 takes 4096 tokens.`,
  );
});

it('leaves what the operator wrote, and words that are in both by chance', () => {
  const text = 'the instructions "in the words of a pirate" are too long; diagnosis: model is busy';
  expect(withoutContent(text, prompt)).toBe(text);
});

it('does the same to fields, at any depth', () => {
  const extra = { unnamed: { debug: [{ prompt: 'My diagnosis is nobody else’s business.', tokens: 7 }] } };
  expect(extraWithoutContent(extra, prompt)).toEqual({ unnamed: { debug: [{ prompt: '[content]', tokens: 7 }] } });
});
