import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isCi } from '../deploy/support/machine.js';
import { until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { runApp } from '../support/processes.js';
import { tell } from './support/figures.js';
import { startFleet } from './support/fleet.js';
import { startWatchedRedis } from './support/redis-sentinel.js';
import { audit, flawless, sendTurn } from './support/turns.js';

const IN_FLIGHT = 6;

const missing = ['redis-server', 'redis-cli'].filter((name) => spawnSync(name, ['--version']).status !== 0);

describe.skipIf(missing.length > 0 && !isCi)(
  `Redis behind Sentinel (needs ${missing.join(', ') || 'nothing more'})`,
  () => {
    const redis = duringSuite(startWatchedRedis, (started) => started.stop());
    const fleet = duringSuite(
      () =>
        startFleet('postgres', {
          apis: 1,
          workers: 2,
          variables: { REDIS_SENTINELS: redis.sentinels, REDIS_SENTINEL_MASTER: redis.name },
        }),
      (started) => started.stop(),
    );

    it('a name that the Sentinels do not know stops the start', async () => {
      const { code, output } = await runApp('worker', { ...fleet.variables, REDIS_SENTINEL_MASTER: 'other' });
      expect({ code, output }).toEqual({ code: 78, output: expect.stringContaining('no Sentinel knows a primary') });
    });

    it('a primary that dies in mid-answer takes nothing with it', { timeout: 120_000 }, async () => {
      const before = redis.primaryPort();
      const inFlight = Array.from({ length: IN_FLIGHT }, (_, number) =>
        sendTurn(fleet, { id: `long-${number}`, tokens: 60, delay: 100 }),
      );
      await until('all are in mid-answer', 30_000, async () => fleet.provider.calls.length === IN_FLIGHT);
      await redis.killPrimary();
      const beganAt = performance.now();
      await until('the replica has taken over', 30_000, async () => redis.primaryPort() !== before);
      await until('messages are accepted', 20_000, async () => (await fetch(`${fleet.url()}/health/ready`)).ok);
      const readyMs = Math.round(performance.now() - beganAt);
      const after = ['a', 'b'].map((one) => sendTurn(fleet, { id: `after-${one}`, tokens: 5, delay: 10 }));
      const turns = await Promise.all([...inFlight, ...after]);
      const result = await audit(fleet, turns);
      tell('a primary behind Sentinel killed', { ...result, 'ready after': `${readyMs} ms` });
      expect(turns.filter(({ answer }) => !answer?.complete)).toEqual([]);
      expect(result).toEqual(flawless(turns.length));
    });
  },
);
