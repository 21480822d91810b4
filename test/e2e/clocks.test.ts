import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, post } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { startRelay } from '../support/relay.js';
import { clockAhead } from '../support/skewed-clock.js';

const HOUR = 3600;

describe.each(engineKinds)('processes whose clocks differ, on the %s engine', (engine) => {
  it.each([70, -70, 5 * HOUR, -5 * HOUR])('stream as usual: the worker is %i s ahead', async (seconds) => {
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
  });
});
