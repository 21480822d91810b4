import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../support/chat.js';
import { isLong } from '../support/chaos-length.js';
import { engineKinds } from '../support/engines.js';
import { tell } from './support/figures.js';
import { type Fleet, useFleet } from './support/fleet.js';
import { audit, flawless, sendTurn } from './support/turns.js';

const OUTAGE_MS = isLong ? 30_000 : 9_000;

/** Longer than a lease: every worker comes back to leases that have run out. */
const KINDS: Record<string, (fleet: Fleet) => void> = {
  'refuses all connections': (fleet: Fleet) => fleet.everyMember().forEach(({ postgres }) => postgres.refuse()),
  'is silent behind a dead switch': (fleet: Fleet) =>
    fleet.everyMember().forEach(({ postgres }) => postgres.blackhole()),
};

describe.each(engineKinds)('Postgres is away under load on the %s engine', (engine) => {
  const fleet = useFleet(engine, { workers: 2 });

  it.each(Object.entries(KINDS).filter((_, index) => isLong || index === engineKinds.indexOf(engine)))(
    '%s: what was accepted is answered once, by processes that were not restarted',
    async (name, begin) => {
      const id = `${engine}-${name.replaceAll(' ', '-')}`;
      // Some end while Postgres is away, some after it.
      const inFlight = Array.from({ length: 8 }, (_, number) =>
        sendTurn(fleet, { id: `${id}-${number}`, tokens: number < 4 ? 30 : OUTAGE_MS / 100 + 40, delay: 100 }),
      );
      await until('all are in mid-answer', 20_000, async () => {
        return fleet.provider.calls.filter((call) => call.id.startsWith(`${id}-`)).length === 8;
      });
      begin(fleet);
      const refused = await sendTurn(fleet, { id: `${id}-refused`, tokens: 1, delay: 1 });
      await sleep(OUTAGE_MS);
      for (const { postgres } of fleet.everyMember()) postgres.restore();
      const turns = await Promise.all(inFlight);
      await until('every API is ready again', 20_000, async () => {
        const states = await Promise.all(fleet.apis.map(async () => (await fetch(`${fleet.url()}/health/ready`)).ok));
        return states.every(Boolean);
      });
      const after = await sendTurn(fleet, { id: `${id}-after`, tokens: 5, delay: 10 });
      const result = await audit(fleet, [...turns, after, refused]);
      const [attempts] = await fleet.query(`SELECT max(attempt) AS most, sum(attempt - 1)::int AS again FROM runs`);
      tell(`postgres ${name} (${engine})`, { ...result, ...attempts });
      expect(refused.answer?.status).toBe(503);
      expect(turns.every(({ answer }) => answer?.complete)).toBe(true);
      expect(result).toEqual(flawless(10, 1));
    },
    150_000,
  );
});
