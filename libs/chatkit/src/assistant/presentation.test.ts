import { expect, it } from 'vitest';
import { defineAssistant } from './definition.js';
import { presentationOf } from './presentation.js';

it('takes those of a definition’s fields that are for pages', () => {
  const prompts = [{ label: 'Hi', prompt: 'Hello', icon: 'sparkle' as const }];
  expect(presentationOf(defineAssistant({ name: 'A', prompts, instructions: 'secret', model: 'x/y' }))).toEqual({
    name: 'A',
    prompts,
  });
});

it('names what is wrong', () => {
  const prompts = [{ label: 'Hi' }] as never;
  expect(() => defineAssistant({ prompts })).toThrow(/prompts\[0\]\.prompt/);
  expect(() => defineAssistant({ composerTools: [{ id: 'a', label: 'A', icon: 'nothing' as never }] })).toThrow(/icon/);
});
