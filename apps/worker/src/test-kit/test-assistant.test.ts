import { defineAssistant, tool } from '#chatkit';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { testAssistant } from './index.js';

const order = tool({
  name: 'order',
  description: 'The state of an order.',
  parameters: z.object({ id: z.string() }),
  retrySafe: true,
  run: ({ id }) => {
    if (id === '13') throw new Error('there is no order 13');
    return { id, state: 'sent' };
  },
});

it('runs a turn with a tool as a worker does: events, items, and what the model was asked', async () => {
  const kit = testAssistant(defineAssistant({ instructions: 'Be brief.', tools: [order] }), {
    model: [{ tools: [{ name: 'order', arguments: { id: '7' } }] }, 'It is on its way.'],
  });
  const turn = await kit.send('Where is order 7?');
  expect(turn).toMatchObject({ state: 'completed', text: 'It is on its way.' });
  expect(turn.events.map(({ type }) => type)).toEqual([
    'thread.item.added',
    ...Array.from({ length: 7 }, () => 'thread.item.updated'),
    'thread.item.done',
  ]);
  expect(kit.items.map(({ type }) => type)).toEqual(['user_message', 'assistant_message']);
  const [first, second] = kit.modelCalls;
  expect(first).toMatchObject({
    tools: ['order'],
    messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
  });
  expect(JSON.stringify(second?.messages.at(-1))).toContain('sent');
});

it('keeps the conversation from turn to turn, and the whole turn where it is longer than the window', async () => {
  const kit = testAssistant(
    {
      historyItems: 2,
      async *respond(ctx, { userMessage }) {
        for (let note = 0; note < 3; note++) await ctx.hiddenContext(`note ${note}`);
        if (userMessage?.content[0]?.text === 'One') ctx.callClientTool('select', {});
        else yield* ctx.answer();
      },
    },
    { model: ['One is done.', 'Two is done.'] },
  );
  await kit.send('One');
  expect((await kit.answerClientTool({ ok: true })).text).toBe('One is done.');
  const [first] = kit.modelCalls;
  for (const word of ['One', 'note 0', 'note 2', 'ok']) expect(JSON.stringify(first?.messages)).toContain(word);
  const { text, items } = await kit.send('Two');
  expect([text, ...items.map(({ type }) => type)]).toEqual(['Two is done.', 'assistant_message']);
  expect(JSON.stringify(kit.modelCalls[1]?.messages)).not.toContain('One');
  expect(kit.items.filter(({ type }) => type === 'hidden_context_item')).toHaveLength(9);
});

it('asks by forms and client tools, and takes clicks', async () => {
  const kit = testAssistant(
    {
      async *respond(ctx, { userMessage, items }) {
        yield* [];
        if (userMessage) await ctx.ask([{ type: 'freeform', id: 'why', question: 'Why?' }]);
        else if (items.at(-1)?.type === 'structured_input') ctx.callClientTool('select', { id: 1 });
        else await ctx.widget({ type: 'Card', children: [] });
      },
      async action(ctx, action, widget) {
        await ctx.notice({
          level: 'info',
          message: `${action.type} of ${widget?.id === undefined ? 'nothing' : 'a card'}`,
        });
      },
    },
    {},
  );
  expect((await kit.send('Hi')).items.map(({ type }) => type)).toEqual(['structured_input']);
  const call = await kit.answerForm({ why: ['because'] });
  expect(call.items).toMatchObject([{ type: 'client_tool_call', status: 'pending', name: 'select' }]);
  await expect(kit.answerForm({})).rejects.toThrow('No form waits');
  const [card] = (await kit.answerClientTool({ ok: true })).items;
  expect(card?.type).toBe('widget');
  const clicked = await kit.act({ type: 'buy', payload: {} }, card);
  expect(clicked.events).toMatchObject([{ type: 'notice', message: 'buy of a card' }]);
});

it('says why a turn has failed: a bug with its line, a provider by its code, a script that is too short', async () => {
  const bug = await testAssistant({
    // oxlint-disable-next-line require-yield -- it fails before
    async *respond() {
      throw new Error('tripped');
    },
  }).send('Hi');
  expect(bug).toMatchObject({ state: 'failed', error: { code: 'run.internal' } });
  const busy = await testAssistant({}, { model: [{ error: 'overloaded', detail: 'HTTP 529' }] }).send('Hi');
  expect(busy.error).toMatchObject({ code: 'provider.overloaded', message: expect.stringContaining('busy') as string });
  const short = await testAssistant({}).send('Hi');
  expect(short.error?.detail).toContain('the script has no step for call 1 of the model');
});

it('has a tool fail as in production: the model is told, and the log has it', async () => {
  const kit = testAssistant(
    { tools: [order] },
    { model: [{ tools: [{ name: 'order', arguments: { id: '13' } }] }, 'There is none.'] },
  );
  expect((await kit.send('Where is order 13?')).text).toBe('There is none.');
  expect(JSON.stringify(kit.modelCalls[1]?.messages.at(-1))).toContain('there is no order 13');
  expect(kit.log).toContainEqual(expect.objectContaining({ level: 'warn', message: 'a tool failed' }));
});

it('gives the person, the store and files, and stops', async () => {
  const kit = testAssistant(
    {
      async *respond(ctx, { userMessage }) {
        const [file] = userMessage?.attachments ?? [];
        const text = file ? new TextDecoder().decode(await ctx.store.readAttachment(file.id)) : 'nothing';
        await ctx.updateThread({ title: `${ctx.user.id} of ${ctx.tenant.id} sent ${text}` });
        kit.stop();
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
        yield* [];
      },
    },
    { user: 'ada', tenant: 'acme' },
  );
  const { state } = await kit.send('See', { attachments: [kit.attach('a.txt', 'text/plain', 'hello')] });
  expect(state).toBe('cancelled');
  expect((await kit.store.loadThread(kit.threadId)).title).toBe('ada of acme sent hello');
  expect((await kit.store.loadItems(kit.threadId, { order: 'asc' })).data[0]?.type).toBe('user_message');
});
