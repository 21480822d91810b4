import { describe, expect, it } from 'vitest';
import { threadIdOf, until } from '../../support/chat.js';
import { eventOf, message, preamble, story, useStage } from './support/stage.js';

const stage = useStage('postgres', 'test/e2e/assistants/modules/titles.config.yaml');

interface ThreadRow {
  title: string | null;
}
const titleOf = async (threadId: string): Promise<string | null | undefined> =>
  (
    await stage.relay.query<ThreadRow & Record<string, unknown>>('SELECT title FROM threads WHERE id = $1', [threadId])
  )[0]?.title;

/** Lets the title of a `slow` thread come. */
const letGo = (threadId: string) =>
  stage.relay.query(`UPDATE threads SET metadata = '{"go": true}' WHERE id = $1`, [threadId]);

describe('the title of a new thread', () => {
  it('comes from the configured model, after the answer (TH-4)', async () => {
    const answer = await stage.begin('by-model', 'How do I sow peas?', [{ text: 'In rows.' }]);
    expect(story(answer.events)).toEqual([...preamble, ...message(), 'thread.updated']);
    expect(answer.events.at(-1)?.['thread']).toMatchObject({ title: 'Fake title' });
    expect(await titleOf(threadIdOf(answer))).toBe('Fake title');
    const response = await fetch(`${stage.provider.control}/calls?aux=1`);
    const { calls } = (await response.json()) as { calls: { model: string; aux?: boolean; input: unknown }[] };
    const [titleCall, ...others] = calls.filter(({ aux }) => aux);
    expect(others).toEqual([]);
    expect(titleCall?.model).toBe('title-model');
    expect(JSON.stringify(titleCall?.input)).toContain('How do I sow peas?');
  });

  it('comes from the assistant where it makes one', async () => {
    const answer = await stage.begin('named', 'Peas', [{ text: 'Yes.' }], { user: 'grace' });
    expect(eventOf(answer, 'thread.updated')?.['thread']).toMatchObject({ title: 'grace: Peas' });
  });

  it('is none where the assistant wants none', async () => {
    const answer = await stage.begin('untitled', 'Peas', [{ text: 'Yes.' }]);
    expect(story(answer.events)).toEqual([...preamble, ...message()]);
    expect(await titleOf(threadIdOf(answer))).toBeNull();
  });

  it('is made for the first message only', async () => {
    const threadId = threadIdOf(await stage.begin('untitled', 'Peas', [{ text: 'Yes.' }, { text: 'Still.' }]));
    const params = {
      thread_id: threadId,
      input: { content: [{ type: 'input_text', text: 'More' }], attachments: [], inference_options: {} },
    };
    const answer = await stage.ask('named', { type: 'threads.add_user_message', params });
    expect(eventOf(answer, 'thread.updated')).toBeUndefined();
  });

  it('that is slow does not keep the stream open; it is saved when it comes', async () => {
    const answer = await stage.begin('slow', 'Peas', [{ text: 'Yes.' }]);
    expect(answer.complete).toBe(true);
    expect(story(answer.events)).toEqual([...preamble, ...message()]);
    const threadId = threadIdOf(answer);
    expect(await titleOf(threadId)).toBeNull();
    await letGo(threadId);
    await until('the title is saved', 5_000, async () => (await titleOf(threadId)) === 'The late title');
  });

  it('stays with a thread whose first answer was stopped', async () => {
    const answer = await stage.begin('by-model', 'How do I sow beans?', [{ deltas: ['In ', 'rows.'], hang_after: 1 }], {
      onEvents: (events, request) => {
        if (events.some(({ type }) => type === 'thread.item.updated')) request.destroy();
      },
    });
    const threadId = threadIdOf(answer);
    expect((await stage.settled(threadId)).state).toBe('cancelled');
    await until('the title is saved', 5_000, async () => (await titleOf(threadId)) === 'Fake title');
  });

  it('does not overwrite the one that the person has given meanwhile (CC-4)', async () => {
    const threadId = threadIdOf(await stage.begin('slow', 'Peas', [{ text: 'Yes.' }]));
    const renamed = { type: 'threads.update', params: { thread_id: threadId, title: 'My peas' } };
    expect((await stage.ask('slow', renamed)).status).toBe(200);
    await letGo(threadId);
    // A title that comes after this one was let go: the first one has been tried by then.
    const other = threadIdOf(await stage.begin('slow', 'Beans', [{ text: 'Yes.' }]));
    await letGo(other);
    await until('the other title is saved', 5_000, async () => (await titleOf(other)) === 'The late title');
    expect(await titleOf(threadId)).toBe('My peas');
  });
});
