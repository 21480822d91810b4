import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isLong, someEngines } from '../support/chaos-length.js';
import { tell } from './support/figures.js';
import { useFleet } from './support/fleet.js';
import type { Member } from './support/member.js';
import { audit, flawless, sendTurns } from './support/turns.js';

const RESTARTS = isLong ? 9 : 2;
const EVERY_MS = isLong ? 20_000 : 2_500;
/** Shorter than what is left of the first answers at the first restart: some runs are handed over. */
const GRACE_SECONDS = '1';

describe.each(someEngines)('workers are replaced one after the other under load on the %s engine', (engine) => {
  const fleet = useFleet(engine, { variables: { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS } });

  it('no turn is lost or doubled, and no hand-over counts as an attempt', async () => {
    const over = new AbortController();
    const restarts = (async () => {
      for (let number = 0; number < RESTARTS; number++) {
        await sleep(EVERY_MS);
        await restart(fleet.workers[number % fleet.workers.length]);
      }
      over.abort();
    })();
    // Turns of an earlier try of this test are in the same database.
    const tried = randomUUID();
    let number = 0;
    const turns = (
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const mine = [];
          while (!over.signal.aborted) {
            const id = `${tried}-${number++}`;
            mine.push(...(await sendTurns(fleet, 1, { atOnce: 1, wish: () => ({ id, tokens: 40, delay: 100 }) })));
          }
          return mine;
        }),
      )
    ).flat();
    await restarts;
    const result = await audit(fleet, turns);
    const [runs] = await fleet.query<{ most: number; handed: number }>(
      `SELECT max(attempt) AS most, count(*) FILTER (WHERE fence > 1)::int AS handed FROM runs`,
    );
    tell(`rolling restart of workers (${engine})`, { ...result, restarts: RESTARTS, 'handed over': runs?.handed ?? 0 });
    expect(result).toEqual(flawless(turns.length));
    expect(runs?.most).toBe(1);
    expect(runs?.handed).toBeGreaterThan(0);
  }, 300_000);
});

async function restart(member: Member | undefined): Promise<void> {
  await member?.app.stop();
  await member?.replace();
}
