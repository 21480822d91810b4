import type { Message } from '#providers';
import { describe, expect, it } from 'vitest';
import { fitPrompt } from './fit-prompt.js';

const picture = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } } as const;
const said = (...content: Extract<Message, { role: 'user' }>['content']): Message => ({ role: 'user', content });
const hello = { type: 'text', text: 'Hello' } as const;

describe('a prompt with pictures', () => {
  it('stays as it is for a model that sees', () => {
    const prompt = [said(hello, picture)];
    expect(fitPrompt(prompt, new Set(['chat', 'vision']))).toEqual({ prompt, lostPicture: false });
  });

  it('tells a blind model that there is one, and the person when it is new', () => {
    const { prompt, lostPicture } = fitPrompt([said(hello, picture)], new Set(['chat']));
    expect(JSON.stringify(prompt)).not.toContain('AAAA');
    expect(JSON.stringify(prompt)).toContain('cannot see');
    expect(lostPicture).toBe(true);
  });

  it('does not tell the person again of an old one', () => {
    expect(fitPrompt([said(picture), said(hello)], new Set(['chat'])).lostPicture).toBe(false);
  });
});
