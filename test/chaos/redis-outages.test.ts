import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { createThread, until } from '../support/chat.js';
import { USER_HEADER } from '../support/relay.js';
import { isLong } from '../support/chaos-length.js';
import { engineKinds } from '../support/engines.js';
import { tell } from './support/figures.js';
import { type Fleet, useFleet } from './support/fleet.js';
import type { TcpProxy } from './support/tcp-proxy.js';
import { wishText } from './support/numbered-provider.js';
import { audit, flawless, sendTurn } from './support/turns.js';

const OUTAGE_MS = isLong ? 20_000 : 3_000;
const REFUSED_WITHIN_MS = 2_000;
const SHORT_OUTAGE_MS = 800;
/** However long the outage was: connections are tried again each second or more often, and asked four times a second. */
const READY_WITHIN_MS = 5_000;
/** It has nothing to do: asking the queue, and giving it up, is all that takes time. */
const STOPPED_WITHIN_MS = 15_000;
const PASSWORD = 'another-password-than-before';

interface Outage {
  begin(fleet: Fleet): unknown;
  end(fleet: Fleet): unknown;
  /** Whether messages are refused meanwhile; a slow Redis serves them. */
  readonly refuses: boolean;
}

const wires = ({ everyMember }: Fleet) => everyMember().flatMap(({ redis }) => redis ?? []);
const redisOf = ({ redis }: Fleet) => {
  if (!redis) throw new Error('this fleet has no Redis');
  return redis;
};

const OUTAGES: Record<string, Outage> = {
  'killed and restarted empty': {
    begin: (fleet) => redisOf(fleet).kill(),
    end: (fleet) => redisOf(fleet).start(),
    refuses: true,
  },
  'a replica that takes no writes': {
    begin: (fleet) => redisOf(fleet).command('REPLICAOF', '127.0.0.1', '1'),
    end: (fleet) => redisOf(fleet).command('REPLICAOF', 'NO', 'ONE'),
    refuses: true,
  },
  full: {
    begin: (fleet) => redisOf(fleet).command('CONFIG', 'SET', 'maxmemory', '1'),
    end: (fleet) => redisOf(fleet).command('CONFIG', 'SET', 'maxmemory', '0'),
    refuses: true,
  },
  'behind another password': {
    begin: async (fleet) => {
      await redisOf(fleet).command('CONFIG', 'SET', 'requirepass', PASSWORD);
      for (const wire of wires(fleet)) wire.cut();
    },
    end: (fleet) => redisOf(fleet).commands(['AUTH', PASSWORD], ['CONFIG', 'SET', 'requirepass', '']),
    refuses: true,
  },
  'silent behind a dead switch': {
    begin: (fleet) => wires(fleet).forEach((wire) => wire.blackhole()),
    end: (fleet) => wires(fleet).forEach((wire) => wire.restore()),
    refuses: true,
  },
  slow: {
    begin: (fleet) => wires(fleet).forEach((wire) => wire.delay(150)),
    end: (fleet) => wires(fleet).forEach((wire) => wire.restore()),
    refuses: false,
  },
};

/** Not the suite's Redis: this one is killed, so it must be startable here. */
const hasServer = engineKinds.includes('redis') && spawnSync('redis-server', ['--version']).status === 0;

describe.runIf(hasServer)('Redis fails under load (skipped where there is no redis-server)', () => {
  const fleet = useFleet('redis', { workers: 2, variables: { WORKER_CONCURRENCY: '3' } });

  it.each(Object.entries(OUTAGES))(
    '%s: answers in flight reach Postgres and their readers, queued ones are answered later, and nothing is restarted',
    async (name, { begin, end, refuses }) => {
      const pids = fleet.everyMember().map(({ app }) => app.pid);
      const id = name.replaceAll(' ', '-');
      const tokens = Math.round(OUTAGE_MS / 100);
      // In mid-answer, and waiting for its thread, when the outage begins.
      const inFlight = Array.from({ length: 6 }, (_, number) =>
        sendTurn(fleet, { id: `${id}-${number}`, tokens, delay: 100 }),
      );
      await until('all are in mid-answer', 20_000, async () => {
        return fleet.provider.calls.filter((call) => call.id.startsWith(`${id}-`)).length === 6;
      });
      // These wait in the queue, and so in Redis.
      const waiting = ['x', 'y'].map((one) => sendTurn(fleet, { id: `${id}-${one}`, tokens: 5, delay: 10 }));
      await until('two wait for a worker', 20_000, async () => {
        const runs = await fleet.query(`SELECT 1 FROM runs WHERE state = 'queued' AND dispatched_at IS NOT NULL`);
        return runs.length === 2;
      });
      await begin(fleet);
      const beganAt = performance.now();
      const refusal = await firstRefusal(fleet, `${id}-refused`, refuses ? OUTAGE_MS / 2 : 0);
      const duringOutage = refuses ? [] : [await sendTurn(fleet, { id: `${id}-served`, tokens: 5, delay: 10 })];
      await sleep(Math.max(0, OUTAGE_MS - (performance.now() - beganAt)));
      await end(fleet);
      const endedAt = performance.now();
      await until('every API is ready again', READY_WITHIN_MS, async () => {
        const states = await Promise.all(fleet.apis.map(async () => (await fetch(`${fleet.url()}/health/ready`)).ok));
        return states.every(Boolean);
      });
      const backMs = Math.round(performance.now() - endedAt);
      const turns = [...(await Promise.all([...inFlight, ...waiting])), ...duringOutage];
      const after = await sendTurn(fleet, { id: `${id}-after`, tokens: 5, delay: 10 });
      const result = await audit(fleet, [...turns, after]);
      tell(`redis ${name}`, { ...result, 'refused after': `${refusal.afterMs} ms`, 'ready after': `${backMs} ms` });
      expect(turns.every(({ answer }) => answer?.complete)).toBe(true);
      const count = turns.length + 1;
      expect(result).toEqual(flawless(count));
      expect(Number(refusal.retryAfter) > 0).toBe(refuses);
      expect(refusal.afterMs).toBeLessThan(REFUSED_WITHIN_MS);
      expect(fleet.everyMember().map(({ app }) => app.child.exitCode)).toEqual(pids.map(() => null));
    },
    90_000,
  );

  it.each([
    ['away', (wire: TcpProxy) => wire.refuse()],
    ['silent', (wire: TcpProxy) => wire.blackhole()],
  ] as const)(
    '%s for less than a second: nobody is refused',
    async (name, begin) => {
      for (const wire of wires(fleet)) begin(wire);
      const turns = Array.from({ length: 16 }, async (_, number) => {
        await sleep(number * 50);
        return sendTurn(fleet, { id: `short-${name}-${number}`, tokens: 5, delay: 10 });
      });
      await sleep(SHORT_OUTAGE_MS);
      for (const wire of wires(fleet)) wire.restore();
      expect(await audit(fleet, await Promise.all(turns))).toEqual(flawless(turns.length));
    },
    60_000,
  );

  it.each(['worker', 'api'] as const)(
    'gone: a process that is asked to stop meanwhile ends by itself (%s)',
    async (app) => {
      const [member] = app === 'api' ? fleet.apis : fleet.workers;
      member?.redis?.refuse();
      member?.app.child.kill('SIGTERM');
      await until('it has ended', STOPPED_WITHIN_MS, async () => member?.app.child.exitCode !== null);
      expect(member?.app.child.exitCode).toBe(0);
    },
    30_000,
  );
});

/** Milliseconds until the first 503 with Retry-After; what was accepted before is cut off by its sender and no part of the count. */
async function firstRefusal(fleet: Fleet, id: string, withinMs: number) {
  const start = performance.now();
  const sinceStart = (): number => Math.round(performance.now() - start);
  while (performance.now() - start < withinMs) {
    const { status, headers, body } = await fetch(`${fleet.url()}/chatkit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [USER_HEADER]: 'refused' },
      body: JSON.stringify(createThread(wishText({ id, tokens: 1, delay: 1 }))),
    });
    await body?.cancel();
    if (status === 503) return { afterMs: sinceStart(), retryAfter: headers.get('retry-after') };
  }
  return { afterMs: sinceStart(), retryAfter: null };
}
