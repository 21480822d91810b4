import { Injectable } from '@nestjs/common';
import { EventEngine } from '../events/event-engine.js';
import { RunQueue } from '../jobs/run-queue.js';
import { Database } from '../platform/database.js';
import { keptFor } from '../platform/kept-for.js';
import { runCheck } from '../platform/run-check.js';

/** What a process needs: the database, the run log and bus, and the queue; the last two are on Redis where there is one. */
export const STORES = ['postgres', 'events', 'queue'] as const;
export type Store = (typeof STORES)[number];

export interface StoreState {
  readonly ok: boolean;
  /** How long the check took. */
  readonly seconds: number;
}

/** Everybody may ask: each process looks at its stores once in this time. */
const LOOKS_EVERY_MS = 1_000;

/** Whether this process reaches its stores. The answer may be a second old. */
@Injectable()
export class StoreChecks {
  readonly look = keptFor(LOOKS_EVERY_MS, () => this.ask());

  constructor(
    private readonly database: Database,
    private readonly engine: EventEngine,
    private readonly queue: RunQueue,
  ) {}

  private async ask(): Promise<Readonly<Record<Store, StoreState>>> {
    const [postgres, events, queue] = await Promise.all([
      timed(() => this.database.ping()),
      timed(() => this.askEngine()),
      timed(() => this.queue.ping()),
    ]);
    return { postgres, events, queue };
  }

  /** An engine may answer and be of no use, as a Redis that accepts no writes: messages are refused then. */
  private async askEngine(): Promise<void> {
    await this.engine.ping();
    if (!this.engine.isReady()) throw new Error('the event engine accepts no writes');
  }
}

async function timed(check: () => Promise<void>): Promise<StoreState> {
  const start = performance.now();
  const { ok } = await runCheck(check);
  return { ok, seconds: (performance.now() - start) / 1_000 };
}
