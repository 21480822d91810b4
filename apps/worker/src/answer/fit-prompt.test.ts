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

  it('has a remark for a model that cannot see, and a notice for the person when the picture is new', () => {
    const { prompt, lostPicture } = fitPrompt([said(hello, picture)], new Set(['chat']));
    expect(JSON.stringify(prompt)).not.toContain('AAAA');
    expect(JSON.stringify(prompt)).toContain('cannot see');
    expect(lostPicture).toBe(true);
  });

  it('has no second notice for an old one', () => {
    expect(fitPrompt([said(picture), said(hello)], new Set(['chat'])).lostPicture).toBe(false);
  });
});
