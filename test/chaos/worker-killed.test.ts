import { beforeAll, describe, expect, it } from 'vitest';
import {
  addMessage,
  type Answer,
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
import { useRelay } from '../support/relay.js';

const RECOVERED_WITHIN_MS = 15_000;
/** Forty tokens, one every 100 ms: long enough to die in the middle. */
const SLOW = 'Count (tokens=40) (delay=100)';

describe.each(engineKinds)('kill -9 of the worker in mid-answer on the %s engine', (engine) => {
  const relay = useRelay(engine, { workers: 1 });
  let answer: Answer;
  let removedAfterMs: number;
  let removedId: string;
  beforeAll(async () => {
    let killedAt = 0;
    answer = await post(relay.url, createThread(SLOW), {
      onEvents: (events) => {
        if (killedAt === 0 && deltasOf(events).length >= 5) {
          killedAt = performance.now();
          void relay.workers[0]?.kill('SIGKILL').then(() => relay.startWorker());
        }
        const removed = events.find((event) => event.type === 'thread.item.removed');
        if (!removed || removedId) return;
        removedAfterMs = performance.now() - killedAt;
        removedId = String(removed['item_id']);
      },
    });
  });

  it('the connected client sees the unfinished item removed and a whole fresh answer in time', () => {
    const [abandoned, fresh, ...others] = answer.events
      .filter((event) => event.type === 'thread.item.added')
      .map((event) => (event['item'] as WireItem).id);
    expect(others).toEqual([]);
    expect(removedId).toBe(abandoned);
    expect(removedAfterMs).toBeLessThan(RECOVERED_WITHIN_MS);

    const afterRemoval = answer.events.slice(answer.events.findIndex((event) => event.type === 'thread.item.removed'));
    const expected = Array.from({ length: 40 }, (_, index) => `tok${index + 1}`).join(' ');
    expect(deltasOf(afterRemoval).join('').trim()).toBe(expected);
    const [item, ...rest] = doneItems(answer.events, 'assistant_message');
    expect(rest).toEqual([]);
    expect(item?.id).toBe(fresh);
    expect(textOf(item).trim()).toBe(expected);
    expect(answer.complete).toBe(true);
  });

  it('nothing is stored twice', async () => {
    const page = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadIdOf(answer)));
    expect(page.data.map((item) => item.type)).toEqual(['user_message', 'assistant_message']);
    const [run] = await relay.query(`SELECT state, attempt, fence FROM runs WHERE thread_id = $1`, [
      threadIdOf(answer),
    ]);
    expect(run).toEqual({ state: 'completed', attempt: 2, fence: 2 });
  });

  it('the thread is usable', async () => {
    const next = await post(relay.url, addMessage(threadIdOf(answer), 'And now? (tokens=3)'));
    expect(deltasOf(next.events)).toHaveLength(3);
  });
});
