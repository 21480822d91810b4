import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong, someEngines } from '../support/chaos-length.js';
import { type Balancer, startBalancer } from './support/balancer.js';
import { tell } from './support/figures.js';
import { useFleet } from './support/fleet.js';
import type { Member } from './support/member.js';
import { sendByShim, shownAndStored, type ShimTurn } from './support/shim-client.js';
import { audit, flawless } from './support/turns.js';

const ROUNDS = isLong ? 5 : 1;
const PAUSE_MS = isLong ? 3_000 : 1_000;
const CLIENTS = 8;
/** Every so many turns, the answer to the request is lost before its first byte. */
const LOST_EVERY = 4;
/** About two seconds: longer than the grace, so that runs are handed over and streams are cut. */
const WISH = { tokens: 40, delay: 50 };
const GRACE_SECONDS = '1';

const restart = async (member: Member): Promise<void> => {
  await member.app.stop();
  await member.replace();
};

describe.each(someEngines)('every process is replaced under readers that use the shim on the %s engine', (engine) => {
  const fleet = useFleet(engine, { workers: 2, variables: { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS } });
  let balancer: Balancer;
  beforeAll(async () => {
    balancer = await startBalancer(() => fleet.apis.map(({ app }) => String(app.ready['url'])));
  });
  afterAll(async () => {
    await balancer?.close();
  });

  /** One API and one worker after the other; one of the APIs is killed, the rest are asked to stop. */
  async function replaceAll(): Promise<void> {
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [index, api] of fleet.apis.entries()) {
        await sleep(PAUSE_MS);
        const isKilled = index === round % fleet.apis.length;
        await Promise.all([
          isKilled ? api.replace() : restart(api),
          fleet.workers[index] && restart(fleet.workers[index]),
        ]);
      }
    }
  }

  it('no turn is lost or doubled, nobody sees an error, and what is shown is what is stored', async () => {
    const over = new AbortController();
    const replacing = replaceAll().finally(() => over.abort());
    let number = 0;
    const client = async (): Promise<ShimTurn[]> => {
      const mine: ShimTurn[] = [];
      while (!over.signal.aborted) {
        const id = `${engine}-${number++}`;
        if (number % LOST_EVERY === 0) balancer.loseAnswerTo(`#${id} `);
        mine.push(await sendByShim(balancer.url, { ...WISH, id }));
      }
      return mine;
    };
    const turns = (await Promise.all(Array.from({ length: CLIENTS }, client))).flat();
    await replacing;
    const result = await audit(fleet, turns);
    const runs = await fleet.query<{ id: string; fence: number; attempt: number }>(
      `SELECT substring(items.payload::text from '#([a-z0-9-]+) ') AS id, runs.fence, runs.attempt
       FROM runs JOIN items ON items.run_id = runs.id AND items.type = 'user_message'`,
    );
    const callsOf = (id: string): number => fleet.provider.calls.filter((call) => call.id === id).length;
    tell(`rolling restart of everything (${engine})`, {
      ...result,
      replaced: ROUNDS * fleet.everyMember().length,
      'handed over': runs.filter(({ fence }) => fence > 1).length,
      'answers lost before their head': balancer.lostAnswers(),
    });

    expect(turns.flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(result).toEqual(flawless(turns.length));
    for (const turn of turns) {
      const [shown, stored] = await shownAndStored(balancer.url, turn);
      expect(shown).toEqual(stored);
    }
    expect(balancer.lostAnswers()).toBeGreaterThan(0);
    // A claim raises both numbers, a hand-over takes the attempt back: repeated under its key, nobody pays twice.
    const paidTwice = runs.filter(({ id, fence, attempt }) => callsOf(id) > (fence + attempt) / 2);
    expect(paidTwice).toEqual([]);
  }, 300_000);
});
