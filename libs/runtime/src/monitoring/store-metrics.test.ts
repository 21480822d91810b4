import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Metrics } from './metrics.js';
import { watchStores } from './store-metrics.js';

it('the first scrape has how long the checks of the stores took', async () => {
  const state = { ok: true, seconds: 0.25 };
  const checks = { look: () => sleep(5).then(() => ({ postgres: state, events: state, queue: state })) };
  const metrics = new Metrics();
  const pool = { totalCount: 0, idleCount: 0, waitingCount: 0, options: { max: 10 } };
  watchStores(metrics, { checks, engine: { kind: 'redis' }, database: { pool } } as unknown as Parameters<
    typeof watchStores
  >[1]);
  const lines = (await metrics.text()).split('\n');
  expect(lines).toContain('chatkit_relay_store_up{store="queue",engine="redis"} 1');
  expect(lines).toContain('chatkit_relay_store_ping_seconds{store="queue",engine="redis"} 0.25');
});
