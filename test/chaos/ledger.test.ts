import { describe, expect, it } from 'vitest';
import { until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { tell } from './support/figures.js';
import { useFleet } from './support/fleet.js';
import { expectSettledLedger, QUOTAS } from './support/ledger.js';
import { audit, sendTurns } from './support/turns.js';

const TURNS = 200;

describe.each(engineKinds)('what quotas count on the %s engine', (engine) => {
  const fleet = useFleet(engine, { config: QUOTAS });

  it('is what the runs have used, after 200 turns at once whose workers were killed one after another', async () => {
    const turns = sendTurns(fleet, TURNS, {
      atOnce: TURNS,
      wish: (number) => ({ id: `${engine}-${number}`, tokens: 20 + (number % 20), delay: 200 }),
    });
    for (const [index, worker] of fleet.workers.entries()) {
      const more = fleet.provider.calls.length + 30 * (index + 1);
      await until('they are being answered', 60_000, async () => fleet.provider.calls.length >= Math.min(more, TURNS));
      await worker.replace();
    }
    const result = await audit(fleet, await turns);
    tell(`200 turns at once, three workers killed (${engine})`, { ...result });
    expect(result).toMatchObject({ lost: 0, doubled: 0, foreign: 0, stuck: 0, misled: 0, refused: 0 });
    // Those that were killed have asked the provider twice.
    expect(fleet.provider.calls.length).toBeGreaterThan(TURNS);
    await expectSettledLedger(fleet);
  }, 300_000);
});
