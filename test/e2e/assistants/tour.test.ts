import { beforeAll, describe, expect, it } from 'vitest';
import { ThreadItem, ThreadStreamEvent, WidgetRoot } from '#chatkit';
import { CHAPTERS } from '../../../apps/worker/src/assistants/tour/tour.js';
import {
  addMessage,
  type Answer,
  createThread,
  doneItems,
  post,
  textOf,
  threadIdOf,
  type WireEvent,
} from '../../support/chat.js';
import { oneEngine } from '../../support/one-engine.js';
import { useRelay } from '../../support/relay.js';

interface Union {
  readonly options: readonly { readonly shape: { readonly type: unknown } }[];
}
/** The kinds that a union of the protocol lists. */
const kindsOf = ({ options }: Union): string[] =>
  options.map(({ shape }) => (shape.type as { readonly value: string }).value).toSorted();
const itemsIn = (events: readonly WireEvent[]): ThreadItem[] =>
  events.flatMap(({ item }) => (item ? [item as ThreadItem] : []));
const idOf = (answer: Answer | undefined, type: string): string =>
  doneItems(answer?.events ?? [], type).at(-1)?.id ?? '';

describe.each(oneEngine('redis'))('the tour of an installation without a configuration on the %s engine', (engine) => {
  // Nothing is named: the worker's working directory has no config file either.
  const relay = useRelay(engine, { variables: { CHATKIT_CONFIG: undefined, AUTH_MODE: 'none' } });
  const seen: WireEvent[] = [];
  const answers = new Map<string, Answer>();
  const send = async (body: unknown): Promise<Answer> => {
    const answer = await post(relay.url, body);
    seen.push(...answer.events);
    return answer;
  };

  beforeAll(async () => {
    const shown = CHAPTERS.filter(({ id }) => id !== 'all');
    await Promise.all(
      shown.map(async ({ id, prompt }) => {
        const answer = await send(createThread(prompt));
        answers.set(id, answer);
      }),
    );
  }, 120_000);

  it('lists itself first, and the five examples', async () => {
    const { assistants } = (await (await fetch(`${relay.url}/config`)).json()) as {
      assistants: { id: string; default: boolean; prompts: unknown[]; dictation: boolean }[];
    };
    expect(assistants.map(({ id }) => id)).toEqual(['tour', 'plain', 'weather', 'shop', 'handbook', 'refunds']);
    expect(assistants[0]).toMatchObject({ default: true, dictation: true });
    for (const { prompts } of assistants) expect(prompts.length).toBeGreaterThan(0);
  });

  it('each part ends as it should', () => {
    for (const [id, answer] of answers) {
      const error = answer.events.find(({ type }) => type === 'error');
      const isFailure = id === 'fail' || id === 'crash';
      expect({ id, failed: error !== undefined }).toEqual({ id, failed: isFailure });
      for (const event of answer.events) ThreadStreamEvent.parse(event);
    }
  });

  it('has a tool of the server called by the demo model, with its progress, its step and its result', () => {
    const { events } = answers.get('tool') ?? { events: [] };
    expect(events.find(({ type }) => type === 'progress_update')).toMatchObject({
      text: 'Asking the clock in Tokyo …',
    });
    const [workflow] = doneItems(events, 'workflow');
    expect(JSON.stringify(workflow)).toContain('Asked the clock in Tokyo');
    expect(textOf(doneItems(events, 'assistant_message')[0])).toMatch(
      /`world_clock` has returned:[^]*"time":"\d\d:\d\d"/,
    );
  });

  it('asks questions, and goes on with the answers', async () => {
    const asked = answers.get('questions');
    const params = { thread_id: threadIdOf(asked ?? { events: [] }), item_id: idOf(asked, 'structured_input') };
    const input = { status: 'answered', answers: { drink: { values: ['Tea'] } } };
    const answer = await send({ type: 'threads.add_structured_input', params: { ...params, input } });
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toContain('**Tea**');
  });

  it('calls the tools of the page, and goes on with what they say', async () => {
    const called = answers.get('page-tools');
    const thread_id = threadIdOf(called ?? { events: [] });
    const params = { thread_id, result: { title: 'A page' } };
    const answer = await send({ type: 'threads.add_client_tool_output', params });
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toContain('A page');
    const again = await send(addMessage(thread_id, 'Use a tool of this page'));
    expect(itemsIn(again.events)).toContainEqual(
      expect.objectContaining({ type: 'client_tool_call', name: 'set_theme' }),
    );
  });

  it('draws widgets that are valid, and answers their clicks', async () => {
    const drawn = answers.get('widgets');
    const thread_id = threadIdOf(drawn ?? { events: [] });
    const items = itemsIn(drawn?.events.filter(({ type }) => type === 'thread.item.done') ?? []);
    const trees = items.flatMap((item) => (item.type === 'widget' ? [item.widget] : []));
    expect(trees).toHaveLength(5);
    for (const tree of trees) WidgetRoot.parse(tree);
    const item_id = items.filter(({ type }) => type === 'widget')[1]?.id;
    const click = (type: string, payload: unknown) => ({ thread_id, item_id, action: { type, payload } });
    const liked = await post(relay.url, {
      type: 'threads.sync_custom_action',
      params: click('tour.like', { likes: 7 }),
    });
    expect(liked.raw).toContain('Like (7)');
    const ordered = await send({ type: 'threads.custom_action', params: click('tour.order', { name: 'tea' }) });
    expect(ordered.events.map(({ type }) => type)).toContain('thread.item.replaced');
    expect(textOf(doneItems(ordered.events, 'assistant_message')[0])).toContain('name: tea');
    const removed = await send({ type: 'threads.custom_action', params: click('tour.remove', {}) });
    expect(removed.events).toContainEqual({ type: 'thread.item.removed', item_id });
  });

  it('says what it heard, with the codec', async () => {
    const params = { audio_base64: Buffer.from('speech').toString('base64'), mime_type: 'audio/webm;codecs=opus' };
    expect((await post(relay.url, { type: 'input.transcribe', params })).raw).toContain(
      '6 bytes of audio/webm;codecs=opus',
    );
  });

  it('answers a free text by the demo model', async () => {
    const answer = await send(createThread('Something else'));
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toContain('demo provider');
  });

  it('shows every kind of event and every kind of item', async () => {
    expect([...new Set(seen.map(({ type }) => type))].toSorted()).toEqual(kindsOf(ThreadStreamEvent));
    const stored = await relay.query<{ type: string }>('SELECT DISTINCT type FROM items');
    const kinds = [...itemsIn(seen), ...stored].map(({ type }) => type);
    // The server itself adds the last kind when an answer is stopped.
    expect([...new Set([...kinds, 'sdk_hidden_context'])].toSorted()).toEqual(kindsOf(ThreadItem));
    const statuses = await relay.query<{ type: string }>(`SELECT DISTINCT status->>'type' AS type FROM threads`);
    expect(statuses.map(({ type }) => type).toSorted()).toEqual(['active', 'closed', 'locked']);
  });
});
