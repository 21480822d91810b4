import { describe, expect, it } from 'vitest';
import {
  addMessage,
  createThread,
  deltasOf,
  listItems,
  post,
  type PostOptions,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';

/** Closes the connection as soon as so many deltas have come. */
const closeAfter =
  (deltas: number): PostOptions['onEvents'] =>
  (events, request) => {
    if (events.length >= 3 && deltasOf(events).length >= deltas) request.destroy();
  };

describe.each(oneEngine('redis'))('a closed socket on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 2, variables: { WORKER_CONCURRENCY: '4' } });

  const settled = (threadId: string) =>
    until('the run settles', 10_000, async () => {
      const [run] = await relay.query<{ state: string }>(
        `SELECT state FROM runs WHERE thread_id = $1 ORDER BY created_at DESC LIMIT 1`,
        [threadId],
      );
      return run && !['queued', 'working'].includes(run.state) && run.state;
    });

  const storedTypes = async (threadId: string) =>
    (
      await relay.query<{ type: string }>(`SELECT type FROM items WHERE thread_id = $1 ORDER BY position`, [threadId])
    ).map((row) => row.type);

  it('in mid-answer keeps the partial text and a marker, and stops the model (CX-1 to CX-6)', async () => {
    await provider.script([{ text: 'one two three four', deltas: ['one ', 'two ', 'three ', 'four'], hang_after: 3 }]);
    const answer = await post(relay.url, createThread('Count'), { onEvents: closeAfter(2) });
    expect(answer.complete).toBe(false);
    const threadId = threadIdOf(answer);
    expect(await settled(threadId)).toBe('cancelled');

    const page = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadId));
    expect(page.data.map((item) => item.type)).toEqual(['user_message', 'assistant_message']);
    const [added] = answer.events.filter((event) => event.type === 'thread.item.added');
    expect(page.data[1]?.id).toBe((added?.['item'] as WireItem | undefined)?.id);
    expect(textOf(page.data[1])).toMatch(/^one two /);
    expect(await storedTypes(threadId)).toEqual(['user_message', 'assistant_message', 'sdk_hidden_context']);
    await until('the provider sees the close', 2_000, async () => (await provider.calls())[0]?.cancelled);
  });

  it('before the first token keeps only the marker, which the model is told of next (CX-3, CX-4)', async () => {
    await provider.script([{ text: 'never', hang_after: 0 }, { text: 'Fine.' }]);
    const answer = await post(relay.url, createThread('Quick'), {
      onEvents: (_, request) =>
        void until('the model is asked', 5_000, async () => (await provider.calls())[0]).then(() => request.destroy()),
    });
    const threadId = threadIdOf(answer);
    const next = await post(relay.url, addMessage(threadId, 'Go on'));
    expect(deltasOf(next.events).join('')).toBe('Fine.');
    expect(await storedTypes(threadId)).toEqual([
      'user_message',
      'sdk_hidden_context',
      'user_message',
      'assistant_message',
    ]);
    const calls = await provider.calls();
    expect(JSON.stringify(calls.at(-1)?.input)).toMatch(/HiddenContext.*stopped.*Go on/s);
  });

  it('while the run is queued cancels it, and its job finds nothing (CX-3)', async () => {
    const model = 'openai/fake;tokens=20;delay=50';
    const running = Array.from({ length: 4 }, () => post(relay.url, createThread('Busy', { model })));
    const answer = await post(relay.url, createThread('Too late', { model }), { onEvents: closeAfter(0) });
    const threadId = threadIdOf(answer);
    expect(await settled(threadId)).toBe('cancelled');
    await Promise.all(running);
    const types = await storedTypes(threadId);
    expect(types.filter((type) => type === 'sdk_hidden_context')).toHaveLength(1);
    expect(types[0]).toBe('user_message');
  });

  it('does not disturb another stream (CX-5)', async () => {
    const model = 'openai/fake;tokens=30;delay=20';
    const other = post(relay.url, createThread('Stay', { model }));
    await post(relay.url, createThread('Leave', { model }), { onEvents: closeAfter(3) });
    expect(deltasOf((await other).events)).toHaveLength(30);
  });

  it('of a client that announced the shim leaves the run alone', async () => {
    await provider.script([{ text: 'one two', deltas: ['one ', 'two'], delay_ms: 200 }]);
    const headers = { 'chatkit-relay-client': 'test' };
    const answer = await post(relay.url, createThread('Carry on'), { headers, onEvents: closeAfter(1) });
    expect(await settled(threadIdOf(answer))).toBe('completed');
    const page = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadIdOf(answer)));
    expect(textOf(page.data[1])).toBe('one two');
  });
});
