import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

const nothing = z.object({});
const of = (name, run, more = {}) =>
  tool({ name, description: name, parameters: nothing, run, retrySafe: true, ...more });

/** Goes on until the worker is killed, and is quick the second time. */
const longAtFirst = async (_args, ctx) => {
  await ctx.progress('At work …');
  if (ctx.run.attempt === 1) await new Promise(() => {});
  return 'worked';
};

export default defineAssistant({
  maxTurns: 3,
  stopAtTools: ['finish'],
  tools: [
    of('again', () => 'again'),
    of('finish', () => 'finished'),
    of('breaks', () => Promise.reject(new Error('the inner secret')), { onError: 'fail' }),
    // Hears nothing of the signal.
    of('deaf', async (_args, ctx) => {
      await ctx.progress('Deaf …');
      await new Promise(() => {});
    }),
    of('safe', longAtFirst),
    of('unsafe', longAtFirst, { retrySafe: false }),
  ],
});
