import type { TurnContext } from 'chatkit-relay/assistants';
import { testAssistant, type TestTurn } from 'chatkit-relay/assistants/testing';
import { defineProvider, type StreamPart } from 'chatkit-relay/providers';
import { conformance } from 'chatkit-relay/providers/testing';
import { assistant } from './orders.js';

// @ts-expect-error: progress needs a text
export const misused = (ctx: TurnContext): Promise<void> => ctx.progress();

export const provider = defineProvider({
  name: 'Mine',
  defaultModel: 'm',
  async *stream(call): AsyncGenerator<StreamPart> {
    yield { type: 'text-start', id: String(call.prompt.length) };
  },
});
conformance('mine', () => provider.create({ id: 'mine' }).model('m'));
const turn: TestTurn = await testAssistant(assistant, { model: ['Hello'] }).send('Hi');
export const text: string = turn.text;
