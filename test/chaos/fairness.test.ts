import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { someEngines } from '../support/chaos-length.js';
import { tell } from './support/figures.js';
import { useFleet } from './support/fleet.js';
import { answerTo, wishText } from './support/numbered-provider.js';

const WAITING = 300;
const MOST_OF_THEM = WAITING / 2;
/** About a second each, so that all of them take more than a minute. */
const LONG = { tokens: 10, delay: 100 };
const SHORT = { tokens: 3, delay: 10 };
/** The usual limit of active runs holds; the one of queued runs would refuse most of them. */
const LIMITS = `limits: { queuedRuns: { perUser: ${2 * WAITING} } }\n`;

describe.each(someEngines)('one person with hundreds of waiting messages, on the %s engine', (engine) => {
  const fleet = useFleet(engine, { apis: 1, workers: 1, config: LIMITS, variables: { WORKER_CONCURRENCY: '4' } });

  const waiting = async (): Promise<number> =>
    (await fleet.query(`SELECT 1 FROM runs WHERE state = 'queued' AND owner_id = 'greedy'`)).length;

  it('does not delay another one’s single message', async () => {
    await Promise.all(
      Array.from({ length: WAITING }, (_, number) =>
        // The shim's connection may close without stopping the run.
        post(fleet.url(), createThread(wishText({ ...LONG, id: `greedy-${number}` })), {
          user: 'greedy',
          headers: { 'chatkit-relay-client': 'test' },
          onEvents: (_events, request) => void request.destroy(),
        }),
      ),
    );
    const before = await waiting();
    expect(before).toBeGreaterThan(MOST_OF_THEM);
    const sentAt = performance.now();
    const wish = { ...SHORT, id: 'modest' };
    let waitingAtStart: Promise<number> | undefined;
    const answer = await post(fleet.url(), createThread(wishText(wish)), {
      user: 'modest',
      onEvents: (events) => {
        if (deltasOf(events).length > 0) waitingAtStart ??= waiting();
      },
    });
    const tookMs = Math.round(performance.now() - sentAt);
    const still = (await waitingAtStart) ?? 0;
    tell(`fairness (${engine})`, { 'waiting of another': before, 'when it began': still, answered: `${tookMs} ms` });
    expect(deltasOf(answer.events).join('')).toBe(answerTo(wish));
    expect(still).toBeGreaterThan(MOST_OF_THEM);
    // The others are served as well.
    await until('the next one of them begins', 30_000, async () => (await waiting()) < still);
  }, 120_000);
});
