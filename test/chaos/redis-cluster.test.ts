import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isCi } from '../deploy/support/machine.js';
import { until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { redisNames } from '../support/stores.js';
import { valkeyMissing, valkeyServer } from '../support/valkey.js';
import { tell } from './support/figures.js';
import { startFleet } from './support/fleet.js';
import { startRedisCluster } from './support/redis-cluster.js';
import { audit, flawless, sendTurn } from './support/turns.js';

const IN_FLIGHT = 9;
const LONG = { tokens: 60, delay: 100 };
const SHORT = { tokens: 5, delay: 10 };

const isMissing = (...names: string[]): string =>
  names.filter((name) => spawnSync(name, ['--version']).status !== 0).join(', ');

/** The second is fetched where that is possible. */
const CLUSTERS = [
  { of: 'Redis', program: 'redis-server', missing: isMissing('redis-server', 'redis-cli'), mustRun: isCi },
  { of: 'Valkey', program: valkeyServer, missing: valkeyMissing || isMissing('redis-cli'), mustRun: false },
].map((one) => ({ ...one, isSkipped: one.missing !== '' && !one.mustRun }));

for (const { of, program, missing, isSkipped } of CLUSTERS)
  describe.skipIf(isSkipped)(`a cluster of ${of} (needs ${missing || 'nothing more'})`, () => {
    const cluster = duringSuite(
      () => startRedisCluster(program),
      (started) => started.stop(),
    );
    // No wires of its own to Redis: the nodes name each other.
    const fleet = duringSuite(
      () => startFleet('postgres', { apis: 1, workers: 2, variables: { REDIS_CLUSTER_NODES: cluster.nodes } }),
      (started) => started.stop(),
    );

    it('a primary that dies in mid-answer takes nothing with it', { timeout: 120_000 }, async () => {
      const names = await redisNames(fleet.variables['DATABASE_URL'] ?? '');
      const inFlight = Array.from({ length: IN_FLIGHT }, (_, number) =>
        sendTurn(fleet, { ...LONG, id: `long-${number}` }),
      );
      await until('all are in mid-answer', 30_000, async () => fleet.provider.calls.length === IN_FLIGHT);
      // A call has begun before its first token is in the log.
      await until('the logs are on more than one primary', 30_000, async () => {
        const keys = await Promise.all(
          cluster.client.nodes('master').map((node) => node.keys(`${names.prefix}:run:*:log`)),
        );
        return keys.filter((own) => own.length > 0).length > 1;
      });
      // The one with the queue: everything that can be lost is on it.
      await cluster.killPrimaryOf(names.probe);
      const beganAt = performance.now();
      await until('its replica has taken over', 20_000, () =>
        cluster.client.set(names.probe, '1', 'EX', 10).then(Boolean, () => false),
      );
      const takenOverMs = Math.round(performance.now() - beganAt);
      await until('every API is ready again', 20_000, async () => {
        const states = await Promise.all(
          fleet.apis.map(({ app }) => fetch(`${String(app.ready['url'])}/health/ready`)),
        );
        return states.every(({ ok }) => ok);
      });
      const readyMs = Math.round(performance.now() - beganAt);
      const after = ['a', 'b', 'c', 'd'].map((one) => sendTurn(fleet, { ...SHORT, id: `after-${one}` }));
      const turns = await Promise.all([...inFlight, ...after]);
      const result = await audit(fleet, turns);
      tell('a primary of a cluster killed', {
        ...result,
        'taken over after': `${takenOverMs} ms`,
        'ready after': `${readyMs} ms`,
      });
      expect(turns.filter(({ answer }) => !answer?.complete)).toEqual([]);
      expect(result).toEqual(flawless(turns.length));
    });
  });
