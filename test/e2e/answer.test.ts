import { describe, expect, it } from 'vitest';
import {
  addMessage,
  createThread,
  deltasOf,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  type WireItem,
} from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { duringSuite } from '../support/during-suite.js';
import { useProvider } from '../support/provider.js';
import { allRecordings } from '../support/recordings/recording.js';
import { useRelay } from '../support/relay.js';
import { startReplayServer } from '../support/replay-server/server.js';

/** Recorded streams that end well with text. */
const recordedAnswers = allRecordings().filter(
  ({ wire, encoding, expected }) =>
    wire === 'openai-chat' &&
    encoding === 'sse' &&
    expected.terminated &&
    expected.failure === undefined &&
    expected.finish !== 'error' &&
    expected.finish !== 'content_filter' &&
    expected.text !== '' &&
    expected.tool_calls.length === 0,
);

describe.each(engineKinds)('an answer on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider });

  it('streams in the order of the protocol and is kept as it was shown', async () => {
    await provider.script([{ text: 'Hello there, Ada.', deltas: ['Hello ', 'there, ', 'Ada.'] }]);
    const answer = await post(relay.url, createThread('Hi'));

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.complete).toBe(true);
    const kinds = answer.events.map((event) => (event['update'] as { type: string } | undefined)?.type ?? event.type);
    expect(kinds).toEqual([
      'thread.created',
      'thread.item.done',
      'stream_options',
      'thread.item.added',
      'assistant_message.content_part.added',
      'assistant_message.content_part.text_delta',
      'assistant_message.content_part.text_delta',
      'assistant_message.content_part.text_delta',
      'assistant_message.content_part.done',
      'thread.item.done',
    ]);
    expect(deltasOf(answer.events)).toEqual(['Hello ', 'there, ', 'Ada.']);

    const page = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadIdOf(answer)));
    expect(page.data).toEqual([
      ...doneItems(answer.events, 'user_message'),
      ...doneItems(answer.events, 'assistant_message'),
    ]);
  });

  it('remembers the conversation, and counts the current message once', async () => {
    await provider.script([{ text: 'First answer.' }, { text: 'Second answer.' }]);
    const first = await post(relay.url, createThread('First question'));
    await post(relay.url, addMessage(threadIdOf(first), 'Second question'));

    const [, second] = await provider.calls();
    expect(second?.input).toEqual([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'First question' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'First answer.' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Second question' }] },
    ]);
  });

  it('flushes the preamble before the model has answered', async () => {
    await provider.script([{ text: 'late', delay_ms: 1500 }]);
    const startedAt = performance.now();
    const seen: { count: number; at: number }[] = [];
    await post(relay.url, createThread('Wait for it'), {
      onEvents: (events) => seen.push({ count: events.length, at: performance.now() - startedAt }),
    });
    expect(seen[0]?.count).toBe(3);
    expect(seen[0]?.at).toBeLessThan(1500);
  });

  it('keeps 50 concurrent turns apart: count, order and text', async () => {
    const model = 'openai/fake;tokens=120;delay=2';
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => post(relay.url, createThread(`Question ${index}`, { model }))),
    );
    const texts = answers.map((answer) => {
      const deltas = deltasOf(answer.events);
      const [item, ...others] = doneItems(answer.events, 'assistant_message');
      expect(others).toEqual([]);
      // Who is behind when the turn settles gets the rest with the whole item.
      expect(textOf(item).slice(0, deltas.join('').length)).toBe(deltas.join(''));
      const sentAt = textOf(item)
        .trim()
        .split(' ')
        .map((token) => Number(token.slice(0, 16)));
      expect(sentAt).toHaveLength(120);
      expect(sentAt).toEqual(sentAt.toSorted((a, b) => a - b));
      return textOf(item);
    });
    expect(new Set(texts).size).toBe(50);
    expect(answers.filter(({ events }) => deltasOf(events).length > 1).length).toBeGreaterThan(0);

    const stored = await relay.query<{ text: string }>(
      `SELECT payload->'content'->0->>'text' AS text FROM items WHERE type = 'assistant_message'`,
    );
    expect(stored.map((row) => row.text)).toEqual(expect.arrayContaining(texts));
  });

  it('answers with an error event and keeps only the question when the model fails half-way', async () => {
    await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], error: { after: 2 } }]);
    const answer = await post(relay.url, createThread('Fail, please'));
    expect(answer.complete).toBe(true);
    expect(answer.events.at(-1)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
    const page = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadIdOf(answer)));
    expect(page.data.map((item) => item.type)).toEqual(['user_message']);
    const [run] = await relay.query<{ state: string; error_code: string }>(
      `SELECT state, error_code FROM runs WHERE thread_id = $1`,
      [threadIdOf(answer)],
    );
    expect(run).toMatchObject({ state: 'failed', error_code: expect.stringMatching(/^provider\./) });
  });

  it('runs two messages of one thread one after the other', async () => {
    await provider.script([{ text: 'one', delay_ms: 300 }, { text: 'two' }, { text: 'three' }]);
    const first = await post(relay.url, createThread('Start'));
    const threadId = threadIdOf(first);
    const answers = await Promise.all([
      post(relay.url, addMessage(threadId, 'A')),
      post(relay.url, addMessage(threadId, 'B')),
    ]);
    for (const answer of answers) expect(doneItems(answer.events, 'assistant_message')).toHaveLength(1);
    const working = await relay.query(`SELECT 1 FROM runs WHERE thread_id = $1 AND state <> 'completed'`, [threadId]);
    expect(working).toEqual([]);
  });
});

describe('a recorded stream', () => {
  describe.each(engineKinds)('on the %s engine', (engine) => {
    const replay = duringSuite(
      () => startReplayServer(),
      (server) => server.close(),
    );
    const relay = useRelay(engine, () => ({ provider: { url: `${replay.url}/openai-chat` } }));

    it.each(recordedAnswers)('$id reaches the client as recorded', async ({ id, expected }) => {
      const model = `openai/fixture:${id}?split=bytes`;
      const answer = await post(relay.url, createThread('Play it', { model }));
      expect(deltasOf(answer.events).join('')).toBe(expected.text);
      expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe(expected.text);
    });
  });
});
