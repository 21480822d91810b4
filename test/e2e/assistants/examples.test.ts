import { describe, expect, it } from 'vitest';
import { createThread, doneItems, post, textOf, threadIdOf } from '../../support/chat.js';
import { oneEngine } from '../../support/one-engine.js';
import { eventOf, message, preamble, story, told, toolResults, useStage } from './support/stage.js';

const call = (name: string, args: object, call_id: string) => ({ name, arguments: args, call_id });

describe.each(oneEngine('redis'))('the examples of the guide on the %s engine', (engine) => {
  const stage = useStage(engine, 'examples/chatkit.config.yaml');

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
});
