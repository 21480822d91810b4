import type { AssistantContext, AssistantDefinition, GenerateRequest } from '#chatkit';
import { aUserMessage } from '#chatkit/testing';
import { describe, expect, it } from 'vitest';
import { makeAssistant } from '../assistants/assistant.js';
import { makeTitle, type TitleDeps } from './title-maker.js';

const MESSAGE = 'When do I sow my peas?';

const titled = (title: string | undefined): AssistantDefinition => ({
  title: (ctx) => title && `${ctx.user.id}: ${title}`,
});

interface Given {
  readonly config?: TitleDeps['config'];
  readonly definition?: AssistantDefinition;
  readonly text?: string;
  readonly hasModel?: TitleDeps['hasModel'];
  /** What the model says. */
  readonly answer?: () => string;
}

async function titleOf({
  config = { fromMessage: false },
  definition = {},
  text = MESSAGE,
  hasModel = () => true,
  answer = () => 'Peas',
}: Given) {
  const asked: GenerateRequest[] = [];
  const ctx = {
    signal: new AbortController().signal,
    user: { id: 'ada' },
    log: { warn: () => undefined },
    generate: async (request: GenerateRequest) => {
      asked.push(request);
      return { text: answer(), reasoning: '' };
    },
  } as unknown as AssistantContext;
  const message = aUserMessage({ content: [{ type: 'input_text', text }] });
  const title = await makeTitle({ config, hasModel }, makeAssistant('it', definition), ctx, message);
  return { title, asked };
}

const fails = (): never => {
  throw new Error('unavailable');
};

describe('the title of a thread', () => {
  it('comes from the model: the configured one, the assistant’s, or the default', async () => {
    const named = { model: 'openai/small', fromMessage: false };
    expect(await titleOf({ config: named, definition: { model: 'openai/big' } })).toMatchObject({
      title: 'Peas',
      asked: [{ model: 'openai/small', prompt: MESSAGE }],
    });
    expect((await titleOf({ definition: { model: 'openai/big' } })).asked[0]?.model).toBe('openai/big');
    expect((await titleOf({})).asked[0]?.model).toBeUndefined();
    expect((await titleOf({ definition: { model: () => 'openai/big' } })).asked[0]?.model).toBeUndefined();
  });

  it.each([
    ['"Sowing peas"', 'Sowing peas'],
    ['„Erbsen säen“.', 'Erbsen säen'],
    ['**Sowing peas**\n\nThis title is brief.', 'Sowing peas'],
    ['# Sowing peas', 'Sowing peas'],
    ["Ada's peas", "Ada's peas"],
    ['C++ and peas?', 'C++ and peas?'],
    ['word '.repeat(40), `${'word '.repeat(14)}word…`],
  ])('is cleaned up: %j', async (answer, expected) => {
    expect((await titleOf({ answer: () => answer })).title).toBe(expected);
  });

  it.each<[string, Given]>([
    ['where the configuration says so', { config: { model: 'openai/small', fromMessage: true } }],
    ['where only the demo answers', { hasModel: () => false }],
    ['where the model says nothing', { answer: () => ' "" ' }],
    ['where the model fails', { answer: fails }],
    ['where the model is not known', { hasModel: fails }],
    ['where the assistant’s function fails', { definition: { title: fails } }],
  ])('is the first words of the message %s', async (_, given) => {
    expect((await titleOf(given)).title).toBe(MESSAGE);
  });

  it('comes from the assistant’s function before everything else, and may be none', async () => {
    expect(await titleOf({ definition: titled('Peas'), config: false })).toEqual({ title: 'ada: Peas', asked: [] });
    expect(await titleOf({ definition: titled(undefined) })).toEqual({ title: undefined, asked: [] });
  });

  it.each<[string, Given]>([
    ['where there are to be none', { config: false }],
    ['where the assistant wants none', { definition: { title: false } }],
    ['of a message without text', { text: ' \n' }],
  ])('is none %s', async (_, given) => {
    expect(await titleOf(given)).toEqual({ title: undefined, asked: [] });
  });

  it('gives the model no more than the beginning of a long message, in whole characters', async () => {
    const { asked } = await titleOf({ text: `${'x'.repeat(1999)}😀 and on` });
    expect(asked[0]?.prompt).toBe('x'.repeat(1999));
  });
});
