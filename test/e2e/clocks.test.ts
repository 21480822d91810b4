import { describe, expect, it } from 'vitest';
import { addMessage, createThread, deltasOf, listItems, post, postJson, threadIdOf } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { startRelay } from '../support/relay.js';
import { clockAhead } from '../support/skewed-clock.js';

const HOUR = 3600;
/** Each test starts processes of its own. */
const TIMEOUT_MS = 60_000;

describe.each(oneEngine('redis'))('processes whose clocks differ, on the %s engine', (engine) => {
  it.each([70, -70, 5 * HOUR, -5 * HOUR])(
    'stream as usual: the worker is %i s ahead',
    async (seconds) => {
      const relay = await startRelay(engine, { workers: 0 });
      try {
        await relay.startWorker(clockAhead(seconds));
        const arrivals: number[] = [];
        const answer = await post(relay.url, createThread('Hello! (tokens=20) (delay=50)'), {
          onEvents: (events) => void (arrivals[deltasOf(events).length] ??= performance.now()),
        });
        const [first, last] = [arrivals.find((_, count) => count > 0) ?? 0, arrivals[20] ?? 0];
        expect(deltasOf(answer.events)).toHaveLength(20);
        // In one piece, all of it comes at once.
        expect(last - first).toBeGreaterThan(500);
      } finally {
        await relay.stop();
      }
    },
    TIMEOUT_MS,
  );
});

interface Dated {
  readonly id: string;
  readonly created_at: string;
}

describe.each(oneEngine('redis'))('times by clocks that differ, on the %s engine', (engine) => {
  it(
    'are those of Postgres, in the stored order, and the same live and after a reload',
    async () => {
      const relay = await startRelay(engine, { workers: 0, variables: clockAhead(2 * HOUR) });
      try {
        await relay.startWorker(clockAhead(-HOUR));
        const first = await post(relay.url, createThread('0 (tokens=2)'));
        const threadId = threadIdOf(first);
        const others = Array.from({ length: 6 }, (_, n) =>
          post(relay.url, addMessage(threadId, `${n + 1} (tokens=2)`)),
        );
        const shown = [first, ...(await Promise.all(others))]
          .flatMap(({ events }) => events)
          .filter(({ type }) => type === 'thread.item.done')
          .map(({ item }) => item as Dated);
        const { data } = await postJson<{ data: Dated[] }>(relay.url, listItems(threadId));
        const times = data.map(({ created_at }) => created_at);
        expect(times).toEqual(times.toSorted());
        for (const time of times) expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
        const live = new Map(shown.map(({ id, created_at }) => [id, created_at]));
        expect(data.map(({ id }) => live.get(id))).toEqual(times);
      } finally {
        await relay.stop();
      }
    },
    TIMEOUT_MS,
  );
});
