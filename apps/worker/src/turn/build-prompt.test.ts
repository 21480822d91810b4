import { describe, expect, it } from 'vitest';
import { aHiddenItem, anAssistantMessage, aUserMessage } from '#chatkit/testing';
import { buildPrompt } from './build-prompt.js';

const tag = (id: string) => ({ type: 'input_tag' as const, id, text: 'Ada', data: {}, interactive: false });
const user = (text: string) => ({ role: 'user', content: [{ type: 'text', text }] });

describe('buildPrompt', () => {
  it('keeps the order of the items, and joins the text of a message without a separator (MI-1, MI-2)', () => {
    const question = aUserMessage({
      content: [
        { type: 'input_text', text: 'What about ' },
        { type: 'input_tag', id: 'inv_77', text: 'Invoice 77', data: {}, interactive: false },
        { type: 'input_text', text: '?' },
      ],
    });
    const [first, mentions, ...rest] = buildPrompt([question]);
    expect(first).toEqual(user('What about @Invoice 77?'));
    expect(JSON.stringify(mentions)).toContain('Invoice 77');
    expect(rest).toEqual([]);
  });

  it('names a mention once, whatever its id (MI-5)', () => {
    const [, mentions] = buildPrompt([aUserMessage({ content: [tag('a'), tag('b')] })]);
    expect(JSON.stringify(mentions).match(/Ada/g)).toHaveLength(1);
  });

  it('tells of a quote in the last item only (MI-4)', () => {
    const quoting = aUserMessage({ quoted_text: 'the total was 120' });
    expect(JSON.stringify(buildPrompt([quoting]))).toContain('the total was 120');
    expect(JSON.stringify(buildPrompt([quoting, aUserMessage({})]))).not.toContain('the total was 120');
  });

  it('says nothing for an assistant message without text', () => {
    const empty = anAssistantMessage({ content: [{ type: 'output_text', text: '', annotations: [] }] });
    expect(buildPrompt([empty])).toEqual([]);
  });

  it('wraps hidden context as a user message, never as a system one (MI-1, MI-8)', () => {
    const [message] = buildPrompt([aHiddenItem()]);
    expect(message?.role).toBe('user');
    expect(JSON.stringify(message)).toMatch(/<HiddenContext>\\n.*\\n<\/HiddenContext>/);
  });
});
