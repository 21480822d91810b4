import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addMessage,
  createThread,
  doneItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  type WireEvent,
} from '../../support/chat.js';
import { engineKinds } from '../../support/engines.js';
import {
  click,
  eventOf,
  formInput,
  message,
  preamble,
  setStage,
  type Stage,
  story,
  told,
  toolOutput,
  toolResults,
} from './support/stage.js';

const call = (name: string, args: object, call_id: string) => ({ name, arguments: args, call_id });

describe.each(engineKinds)('the examples of the guide on the %s engine', (engine) => {
  let stage: Stage;
  beforeAll(async () => (stage = await setStage(engine, 'examples/chatkit.config.yaml')));
  afterAll(() => stage.stop());

  const types = async (threadId: string) => (await stage.stored(threadId)).map(({ type }) => type);

  describe('plain', () => {
    it('tells the model who asks, in which language, and its settings', async () => {
      const answer = await stage.begin('plain', 'When do I sow peas?', [{ text: 'In March.' }], {
        user: 'grace',
        headers: { 'accept-language': 'de-CH' },
      });
      expect(story(answer.events)).toEqual([...preamble, ...message(), 'thread.updated']);
      expect(answer.events.at(-1)?.['thread']).toMatchObject({ title: 'When do I sow peas?' });
      const [asked, ...others] = await stage.calls();
      expect(others).toEqual([]);
      expect(asked?.instructions).toBe(
        'You help grace with questions about gardening. Answer briefly, in the language of de-CH.',
      );
      expect(asked?.raw).toMatchObject({ temperature: 0.3, max_tokens: 800 });
    });

    it('is the one that answers when nobody says which', async () => {
      await stage.provider.script([{ text: 'Yes.' }]);
      await post(stage.relay.url, createThread('Peas?'));
      expect((await stage.calls())[0]?.instructions).toContain('in the language of the question');
    });
  });

  describe('weather', () => {
    it('runs tools between the model calls, and tells the model what they say', async () => {
      const answer = await stage.begin('weather', 'How warm is it?', [
        { text: 'Let me look.', tool_call: call('temperature', { city: 'Berlin' }, 'call_1') },
        { text: 'It is 9 degrees.' },
      ]);
      expect(story(answer.events)).toEqual([
        ...preamble,
        ...message(),
        'progress_update',
        ...message(),
        'thread.updated',
      ]);
      expect(eventOf(answer, 'progress_update')).toEqual({
        type: 'progress_update',
        text: 'Asking the station in Berlin …',
        icon: 'globe',
      });
      const [first, second] = await stage.calls();
      expect(told(first)).not.toContain('function_call');
      expect(second?.input).toEqual([
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How warm is it?' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'temperature', arguments: '{"city":"Berlin"}' },
        { type: 'function_call_output', call_id: 'call_1', output: '{"city":"Berlin","celsius":9}' },
      ]);
      expect(await types(threadIdOf(answer))).toEqual(['user_message', 'assistant_message', 'assistant_message']);
    });

    it('tells the model of two calls at once, in the order in which it asked', async () => {
      const answer = await stage.begin('weather', 'Oslo or Madrid?', [
        {
          tool_calls: [
            call('temperature', { city: 'Oslo' }, 'call_1'),
            call('temperature', { city: 'Madrid' }, 'call_2'),
          ],
        },
        { text: 'Madrid.' },
      ]);
      expect(toolResults((await stage.calls())[1])).toEqual([
        '{"city":"Oslo","celsius":2}',
        '{"city":"Madrid","celsius":17}',
      ]);
      expect(story(answer.events)).toEqual([
        ...preamble,
        'progress_update',
        'progress_update',
        ...message(),
        'thread.updated',
      ]);
    });

    it('tells the model of what a tool throws and of arguments that do not fit, nobody else', async () => {
      const answer = await stage.begin('weather', 'And in Atlantis?', [
        {
          tool_calls: [call('temperature', { city: 'Atlantis' }, 'call_1'), call('temperature', { town: 1 }, 'call_2')],
        },
        { text: 'Nobody knows.' },
      ]);
      const [unknown, misfit] = toolResults((await stage.calls())[1]);
      expect(unknown).toBe('The tool failed: There is no station in Atlantis.');
      expect(misfit).toMatch(/arguments of temperature are not valid.*city/s);
      expect(answer.raw).not.toMatch(/station in Atlantis\.|not valid/);
      expect(eventOf(answer, 'error')).toBeUndefined();
    });
  });

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

    /** A thread with an offer of roses on the screen. */
    const offered = async () => {
      const answer = await stage.begin('shop', 'A rose', [
        { tool_call: call('offer_flower', { flower: 'rose' }, 'call_o') },
        { text: 'Here you are.' },
      ]);
      const [widget] = doneItems(answer.events, 'widget');
      return { answer, threadId: threadIdOf(answer), widgetId: widget?.id ?? '', widget };
    };

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

  describe('handbook', () => {
    it('puts what it has found before the model, and shows its citations (GF-14)', async () => {
      const answer = await stage.begin('handbook', 'How many holidays do I get, and which class may I travel?', [
        { text: 'You get 30 days [1]; trains are second class [2] [7].' },
      ]);
      expect(story(answer.events)).toEqual([
        ...preamble,
        'progress_update',
        'added assistant_message',
        'added',
        'text_delta',
        'annotation_added',
        'annotation_added',
        'done',
        'done assistant_message',
        'thread.updated',
      ]);
      const [asked] = await stage.calls();
      expect(asked?.instructions).toContain('<Document number="1" title="Holidays">\nEverybody has 30 days');
      expect(asked?.instructions).toContain('<Document number="2" title="Travel">');
      expect(asked?.instructions).not.toContain('Sick leave');

      const annotations = [
        {
          type: 'annotation',
          index: 19,
          source: { type: 'url', title: 'Holidays', url: 'https://handbook.example/holidays' },
        },
        {
          type: 'annotation',
          index: 48,
          source: { type: 'url', title: 'Travel', url: 'https://handbook.example/travel' },
        },
      ];
      const shown = answer.events
        .map((event) => event['update'] as { type: string; annotation: unknown } | undefined)
        .filter((update) => update?.type.endsWith('annotation_added'));
      expect(shown.map((update) => update?.annotation)).toEqual(annotations);
      const [said] = doneItems(answer.events, 'assistant_message');
      expect(textOf(said)).toContain('[1]');
      expect(said?.content[0]).toMatchObject({ annotations });
      expect((await stage.stored(threadIdOf(answer)))[1]?.payload).toMatchObject({ content: [{ annotations }] });
    });

    it('says nothing of documents when there are none', async () => {
      await stage.begin('handbook', 'Hm?', [{ text: 'I do not know [1].' }]);
      expect((await stage.calls())[0]?.instructions).toBe(
        'You answer questions about the handbook. Say so when it does not hold the answer.',
      );
    });
  });

  describe('refunds', () => {
    const asked = async (amount: number) => {
      const answer = await stage.begin('refunds', 'My money, please', [
        { tool_call: call('propose_refund', { order: 'A7', amount }, 'call_r') },
      ]);
      const [form] = doneItems(answer.events, 'structured_input');
      return { answer, form, threadId: threadIdOf(answer) };
    };

    it('asks with a form, and is done for now (SI-1)', async () => {
      const { answer, form, threadId } = await asked(20);
      expect(story(answer.events)).toEqual([...preamble, 'done structured_input', 'thread.updated']);
      expect(form).toMatchObject({ status: 'pending', inputs: [{ id: 'approve' }, { id: 'note' }] });
      expect(await types(threadId)).toEqual(['user_message', 'hidden_context_item', 'structured_input']);
      expect(await stage.calls()).toHaveLength(1);
    });

    it('pays when the form says yes, and tells the model (SI-2, WF-4)', async () => {
      const { form, threadId } = await asked(20);
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
      const { form, threadId } = await asked(20);
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
      const { answer, threadId } = await asked(501);
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
