// The load client, a process of its own: does what it is told, measures, and checks every text.
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOrder, RunReport, Target, VerifyReport } from './messages.js';
import { spreadOf } from './stats.js';
import { digestOf } from './token.js';
import { type Ear, faultOf, isCaughtUp, runTurn, storedText } from './turn.js';

type RunOrder = Extract<ClientOrder, { type: 'run' }>;

/** A thread that the last run made, and what must stand in it. */
interface Made {
  readonly user: string;
  readonly threadId: string;
  readonly digest: string;
}

/** Each run has connections of its own, so that it does not matter how long a server keeps idle ones. */
let agent = new Agent({ keepAlive: true });
/** How much longer than it should a run may take to reach its least number of turns. */
const LONGEST = 5;
let made: Made[] = [];

async function run(order: RunOrder): Promise<RunReport> {
  made = [];
  agent.destroy();
  agent = new Agent({ keepAlive: true });
  const ttfts: number[] = [];
  const latencies: number[] = [];
  const digests: string[] = [];
  const faults: string[] = [];
  let caughtUp = 0;
  const ear: Ear = { onFirst: (ms) => ttfts.push(ms), onToken: (ms) => latencies.push(ms) };

  async function turn(user: string): Promise<void> {
    const heard = await runTurn(agent, order.target, user, order, ear);
    const fault = faultOf(heard, order);
    if (fault) throw new Error(fault);
    if (isCaughtUp(heard)) caughtUp++;
    const digest = digestOf(heard.whole ?? heard.text);
    digests.push(digest);
    if (heard.threadId) made.push({ user, threadId: heard.threadId, digest });
  }

  const startedAt = performance.now();
  let begun = 0;
  function goesOn(): boolean {
    const elapsed = performance.now() - startedAt;
    return elapsed < order.durationMs || (begun < order.leastTurns && elapsed < LONGEST * order.durationMs);
  }
  async function loop(place: number): Promise<void> {
    await sleep((place * order.staggerMs) / order.concurrency);
    do {
      begun++;
      await turn(`user-${place}`).catch((error: Error) => faults.push(error.message));
    } while (goesOn());
  }
  await Promise.all(Array.from({ length: order.concurrency }, (_, place) => loop(place)));
  return {
    turns: digests.length + faults.length,
    caughtUp,
    tokens: digests.length * order.tokens,
    elapsedMs: performance.now() - startedAt,
    ttftMs: spreadOf(Float64Array.from(ttfts)),
    deltaMs: spreadOf(Float64Array.from(latencies)),
    digests,
    faults,
  };
}

async function verify(target: Target, sample: number): Promise<VerifyReport> {
  const step = Math.max(1, Math.floor(made.length / sample));
  const chosen = made.filter((_, index) => index % step === 0).slice(0, sample);
  const faults: string[] = [];
  for (const { user, threadId, digest } of chosen) {
    const text = await storedText(agent, target, user, threadId);
    if (digestOf(text) !== digest) faults.push(`${threadId} is stored otherwise than it was streamed`);
  }
  return { checked: chosen.length, faults };
}

process.on('message', (order: ClientOrder) => {
  const answer = order.type === 'run' ? run(order) : verify(order.target, order.sample);
  void answer.then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
process.send?.({ type: 'ready' });
