import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';
import type { ClientOrder, ProviderOrder, ProviderReport, RunReport, Target, VerifyReport } from './messages.js';

/** What comes behind the last byte of a turn is its cost, too. */
const TRAILING_MS = 300;
/** Threads of a slot that are read back from the store. */
const VERIFIED = 20;

/** The processes of the bench that ask and that answer. */
export interface LoadMakers {
  readonly client: Child;
  readonly provider: Child;
}

export interface Load {
  readonly target: Target;
  /** Whether the target stores its threads, so that some can be read back. */
  readonly isStored: boolean;
  readonly concurrency: number;
  readonly tokens: number;
  readonly delayMs: number;
  /** See ClientOrder, also for the next two. */
  readonly staggerMs: number;
  readonly durationMs: number;
  readonly leastTurns: number;
}

export interface LoadResult<Reading> {
  readonly report: RunReport;
  readonly before: Reading;
  readonly after: Reading;
  /** Turns that were not exact, and threads that were not stored as they were streamed. */
  readonly faults: readonly string[];
  readonly verified: number;
}

/** Puts a target under load, with a reading taken right before and right after, and checks every text. */
export async function underLoad<Reading>(
  { client, provider }: LoadMakers,
  { isStored, ...load }: Load,
  read: () => Reading | Promise<Reading>,
): Promise<LoadResult<Reading>> {
  await provider.ask<ProviderReport>({ type: 'digests' } satisfies ProviderOrder);
  const before = await read();
  const report = await client.ask<RunReport>({ type: 'run', ...load } satisfies ClientOrder);
  await sleep(TRAILING_MS);
  const after = await read();
  const sent = await provider.ask<ProviderReport>({ type: 'digests' } satisfies ProviderOrder);
  const verified = isStored ? await verify(client, load.target) : { checked: 0, faults: [] };
  const faults = [...report.faults, ...differences(report.digests, sent.digests), ...verified.faults];
  return { report, before, after, faults, verified: verified.checked };
}

/** Texts that were received and never sent. */
function differences(received: readonly string[], sent: readonly string[]): string[] {
  const known = new Set(sent);
  const strange = received.filter((digest) => !known.has(digest));
  return strange.map(() => 'a text that the provider has not sent');
}

const verify = (client: Child, target: Target): Promise<VerifyReport> =>
  client.ask<VerifyReport>({ type: 'verify', target, sample: VERIFIED } satisfies ClientOrder);
