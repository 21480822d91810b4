import { describe, expect, it } from 'vitest';
import { addMessage, doneItems, postJson, threadIdOf, type WireEvent } from '../../support/chat.js';
import { oneEngine } from '../../support/one-engine.js';
import {
  click,
  eventOf,
  formInput,
  message,
  preamble,
  story,
  told,
  toolOutput,
  toolResults,
  useStage,
} from './support/stage.js';

const call = (name: string, args: object, call_id: string) => ({ name, arguments: args, call_id });

describe.each(oneEngine('postgres'))('the examples with widgets and forms on the %s engine', (engine) => {
  const stage = useStage(engine, 'examples/chatkit.config.yaml');

  const types = async (threadId: string) => (await stage.stored(threadId)).map(({ type }) => type);

  /** A thread with an offer of roses on the screen. */
  const offered = async () => {
    const answer = await stage.begin('shop', 'A rose', [
      { tool_call: call('offer_flower', { flower: 'rose' }, 'call_o') },
      { text: 'Here you are.' },
    ]);
    const [widget] = doneItems(answer.events, 'widget');
    return { answer, threadId: threadIdOf(answer), widgetId: widget?.id ?? '', widget };
  };

  /** A thread in which the model has proposed a refund. */
  const proposed = async (amount: number) => {
    const answer = await stage.begin('refunds', 'My money, please', [
      { tool_call: call('propose_refund', { order: 'A7', amount }, 'call_r') },
    ]);
    const [form] = doneItems(answer.events, 'structured_input');
    return { answer, form, threadId: threadIdOf(answer) };
  };

  describe('shop', () => {
    it('asks the page for its basket, and goes on with what it says (TC-1 to TC-4)', async () => {
      const answer = await stage.begin('shop', 'What is in it?', [
        { text: 'One moment.', tool_call: call('read_basket', {}, 'call_b') },
      ]);
      expect(story(answer.events)).toEqual([...preamble, ...message(), 'done client_tool_call', 'thread.updated']);
      const [asked] = doneItems(answer.events, 'client_tool_call');
      expect(asked).toMatchObject({ status: 'pending', name: 'read_basket', call_id: 'call_b', arguments: {} });
      const threadId = threadIdOf(answer);
      await stage.provider.script([{ text: 'Three roses.' }]);
      const goesOn = await stage.ask('shop', toolOutput(threadId, { roses: 3 }));
      expect(story(goesOn.events)).toEqual(['stream_options', ...message()]);
      expect(toolResults((await stage.calls())[0])).toEqual(['{"roses":3}']);
      expect(await types(threadId)).toEqual([
        'user_message',
        'assistant_message',
        'client_tool_call',
        'assistant_message',
      ]);
    });

    it('shows an offer, which the model is told of (GF-12)', async () => {
      const { answer, widget, threadId } = await offered();
      expect(story(answer.events)).toEqual([...preamble, 'done widget', ...message(), 'thread.updated']);
      expect(widget).toMatchObject({ copy_text: 'rose: 4 €', widget: { type: 'Card' } });
      expect(toolResults((await stage.calls())[1])).toEqual(['The offer is on the screen.']);
      expect((await stage.stored(threadId))[1]?.payload).toMatchObject({ widget: { type: 'Card' } });
    });

    it('answers a click with another card, an effect, and something for the model only (GF-40, HD-1)', async () => {
      const { threadId, widgetId } = await offered();
      const answer = await stage.ask(
        'shop',
        click(threadId, widgetId, { type: 'shop.add', payload: { flower: 'rose', count: 2 } }),
      );
      expect(story(answer.events)).toEqual(['stream_options', 'replaced widget', 'client_effect']);
      expect(answer.events.at(-1)).toEqual({
        type: 'client_effect',
        name: 'basket_changed',
        data: { flower: 'rose', count: 2 },
      });
      const rows = await stage.stored(threadId);
      expect(rows.map(({ type }) => type)).toEqual([
        'user_message',
        'widget',
        'assistant_message',
        'hidden_context_item',
      ]);
      expect(rows[1]).toMatchObject({ id: widgetId });
      expect(JSON.stringify(rows[1]?.payload)).toContain('2 for 8 €');

      await stage.provider.script([{ text: 'Two roses.' }]);
      const next = await stage.ask('shop', addMessage(threadId, 'What have I got?'));
      expect(next.raw).not.toContain('HiddenContext');
      const [asked] = await stage.calls();
      expect(told(asked)).toContain('The user has put 2 × rose into the basket.');
      expect(told(asked)).toContain('2 for 8 €');
    });

    it.each([
      ['a payload that is none of ours', { type: 'shop.add', payload: { flower: 'oak', count: 2 } }],
      ['no payload', { type: 'shop.add' }],
    ])('answers %s with the error without text, and stores nothing (ER-5)', async (_, action) => {
      const { threadId, widgetId } = await offered();
      const before = await stage.stored(threadId);
      const answer = await stage.ask('shop', click(threadId, widgetId, action));
      expect(answer.events.slice(1)).toEqual([{ type: 'error', code: 'stream.error', allow_retry: true }]);
      expect(await stage.stored(threadId)).toEqual(before);
      expect((await stage.settled(threadId)).state).toBe('failed');
    });

    it('answers an action that it does not know with nothing', async () => {
      const { threadId, widgetId } = await offered();
      const answer = await stage.ask('shop', click(threadId, widgetId, { type: 'shop.other' }));
      expect(story(answer.events)).toEqual(['stream_options']);
    });

    it('answers a sync click with the item, which it has stored (RQ-19)', async () => {
      const { threadId, widgetId } = await offered();
      const body = (action: object) => click(threadId, widgetId, action, 'threads.sync_custom_action');
      const options = { query: '?assistant=shop' };
      const saved = await postJson<{ updated_item: WireEvent }>(
        stage.relay.url,
        body({ type: 'shop.save', payload: { flower: 'rose' }, streaming: false }),
        options,
      );
      const widget = { type: 'Card', children: [{ type: 'Text', value: 'rose: saved' }] };
      expect(saved.updated_item).toMatchObject({ id: widgetId, type: 'widget', widget });
      expect((await stage.stored(threadId))[1]?.payload).toMatchObject({ widget });
      expect(await postJson(stage.relay.url, body({ type: 'shop.other' }), options)).toEqual({});
      const refused = await stage.ask('shop', body({ type: 'shop.save', payload: { flower: 'oak' } }));
      expect(refused.status).toBe(500);
      expect(refused.raw).not.toContain('oak');
    });
  });

  describe('refunds', () => {
    it('asks with a form, and is done for now (SI-1)', async () => {
      const { answer, form, threadId } = await proposed(20);
      expect(story(answer.events)).toEqual([...preamble, 'done structured_input', 'thread.updated']);
      expect(form).toMatchObject({ status: 'pending', inputs: [{ id: 'approve' }, { id: 'note' }] });
      expect(await types(threadId)).toEqual(['user_message', 'hidden_context_item', 'structured_input']);
      expect(await stage.calls()).toHaveLength(1);
    });

    it('pays when the form says yes, and tells the model (SI-2, WF-4)', async () => {
      const { form, threadId } = await proposed(20);
      await stage.provider.script([{ text: 'Done.' }]);
      const answer = await stage.ask('refunds', formInput(threadId, form?.id ?? '', { approve: { values: ['Yes'] } }));
      expect(story(answer.events)).toEqual([
        'stream_options',
        'replaced structured_input',
        'added workflow',
        'done workflow',
        ...message(),
      ]);
      const [workflow] = doneItems(answer.events, 'workflow') as unknown as [{ workflow: unknown }];
      expect(workflow.workflow).toMatchObject({ tasks: [{ title: 'Refunding 20 €' }], summary: { duration: 0 } });
      expect(await types(threadId)).toEqual([
        'user_message',
        'hidden_context_item',
        'structured_input',
        'hidden_context_item',
        'workflow',
        'assistant_message',
      ]);
      expect(told((await stage.calls())[0])).toContain('The refund for order A7 was made.');
    });

    it('pays nothing when it says no', async () => {
      const { form, threadId } = await proposed(20);
      await stage.provider.script([{ text: 'As you like.' }]);
      const answer = await stage.ask('refunds', formInput(threadId, form?.id ?? '', { approve: { values: ['No'] } }));
      expect(story(answer.events)).toEqual(['stream_options', 'replaced structured_input', ...message()]);
      expect(told((await stage.calls())[0])).toMatch(/Refund 20 € for order A7\?: No/);
      expect(await types(threadId)).toEqual([
        'user_message',
        'hidden_context_item',
        'structured_input',
        'assistant_message',
      ]);
    });

    it('refuses a large one in words for the person (ER-6)', async () => {
      const { answer, threadId } = await proposed(501);
      expect(eventOf(answer, 'error')).toEqual({
        type: 'error',
        code: 'custom',
        message: 'Refunds over 500 € are made by a colleague.',
        allow_retry: false,
      });
      expect(await types(threadId)).toEqual(['user_message']);
      expect(await stage.settled(threadId)).toMatchObject({ state: 'failed', error_code: 'run.assistant_says' });
    });
  });
});
