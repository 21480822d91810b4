import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, doneItems, post, textOf } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useRelay } from '../support/relay.js';

const RUNS = 1000;
const CONCURRENCY = 64;
const TOKENS = 12;
const BEGINNING = 'thread.created,thread.item.done,stream_options';

describe.each(engineKinds)(`${RUNS} runs at concurrency ${CONCURRENCY} on the %s engine`, (engine) => {
  const relay = useRelay(engine, { apis: 2, workers: 2, variables: { LOG_LEVEL: 'warn' } });

  it('every stream starts at its first event and has no gap and no duplicate, or has the whole answer at once', async () => {
    const expected = Array.from({ length: TOKENS }, (_, index) => `tok${index + 1} `).join('');
    let next = 0;
    let streamed = 0;
    const wrong: string[] = [];
    const [began] = await relay.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    const client = async (): Promise<void> => {
      while (next < RUNS) {
        const number = next++;
        const base = String(relay.apis[number % 2]?.ready['url']);
        const answer = await post(base, createThread(`Run ${number} (tokens=${TOKENS})`));
        const kinds = answer.events.map((event) => event.type).join();
        const items = doneItems(answer.events, 'assistant_message');
        const deltas = deltasOf(answer.events).join('');
        // The log of a turn that has settled holds no deltas any more: a reader who lags gets the finished item in their place.
        const hasBegun = kinds.startsWith(`${BEGINNING},thread.item.added,`);
        const isWhole = kinds === `${BEGINNING},thread.item.done`;
        const isExact =
          answer.complete &&
          (hasBegun || isWhole) &&
          expected.startsWith(deltas) &&
          items.length === 1 &&
          textOf(items[0]) === expected;
        if (isExact && deltas === expected) streamed += 1;
        if (!isExact) wrong.push(`run ${number}: ${answer.status} ${answer.raw.slice(0, 2000)}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, client));
    expect(wrong).toEqual([]);
    expect(streamed).toBeGreaterThan(RUNS / 2);

    const [runs] = await relay.query(
      `SELECT count(*)::int AS runs, count(*) FILTER (WHERE state = 'completed' AND attempt = 1)::int AS completed
       FROM runs WHERE created_at >= $1`,
      [began?.at],
    );
    expect(runs).toEqual({ runs: RUNS, completed: RUNS });
  }, 240_000);
});
