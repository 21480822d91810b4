import { never, pauseMs, type Retry, ServerError, sleep } from './retry.js';
import type { RunStorage } from './run-memory.js';

/** A run to stop, as it is stored so that a reload does not lose it. */
export interface KnownRun {
  readonly id: string;
  readonly threadId: string | undefined;
  /** URL of the protocol endpoint. */
  readonly url: string;
}

/** Something that must reach the server. */
interface Stop {
  /** Resolves when it is done, or has become pointless. Rejects with an error after which a retry makes sense. */
  readonly send: () => Promise<void>;
  sending: Promise<void> | undefined;
}

const KEY = 'chatkit-relay:stops';
const WAIT_MS = 2_000;

/**
 * The stops that the server has not confirmed yet. They are retried until it can be reached, however long that takes, and
 * what is sent after them waits for them.
 */
export class Stops {
  readonly #pending = new Set<Stop>();

  constructor(
    private readonly retry: Retry,
    private readonly storage: RunStorage,
  ) {}

  /** Resolves when it was tried once. */
  async add(send: () => Promise<void>): Promise<void> {
    const stop: Stop = { send, sending: undefined };
    this.#pending.add(stop);
    try {
      await this.#send(stop);
    } catch (error) {
      void this.#keepTrying(stop, error);
    }
  }

  /** Those that are older than a request which is about to be sent. */
  pending(): readonly Stop[] {
    return [...this.#pending];
  }

  /** Sends these stops if they are still pending. Rejects if the server cannot be reached. */
  async sent(stops: readonly Stop[]): Promise<void> {
    const pending = stops.filter((stop) => this.#pending.has(stop));
    await Promise.all(pending.map((stop) => this.#send(stop).catch(unlessAnswered)));
  }

  /** The same for requests that do not depend on the order: waits 2 s at most, and never rejects. */
  async sentSoon(): Promise<void> {
    if (this.#pending.size === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, WAIT_MS)));
    await Promise.race([this.sent(this.pending()).catch(() => undefined), late]);
    clearTimeout(timer);
  }

  /** The runs that a page which was reloaded since then has stopped. */
  remembered(): readonly KnownRun[] {
    try {
      const stored: unknown = JSON.parse(this.storage.getItem(KEY) ?? '[]');
      return Array.isArray(stored) ? stored.filter(isKnownRun) : [];
    } catch {
      return []; // forbidden, or written by somebody else
    }
  }

  remember({ id, threadId, url }: KnownRun): void {
    this.#store([...this.remembered().filter((run) => run.id !== id), { id, threadId, url }]);
  }

  forget({ id }: Pick<KnownRun, 'id'>): void {
    this.#store(this.remembered().filter((run) => run.id !== id));
  }

  #store(runs: readonly KnownRun[]): void {
    try {
      if (runs.length === 0) this.storage.removeItem(KEY);
      else this.storage.setItem(KEY, JSON.stringify(runs));
    } catch {
      // Full or forbidden: only a reload would lose it.
    }
  }

  /** One request at a time for each stop. */
  #send(stop: Stop): Promise<void> {
    stop.sending ??= stop
      .send()
      .then(() => void this.#pending.delete(stop))
      .finally(() => (stop.sending = undefined));
    return stop.sending;
  }

  async #keepTrying(stop: Stop, first: unknown): Promise<void> {
    const { attempts } = this.retry;
    let error = first;
    // By the server itself, one after the other: how long it could not be reached before says nothing about it.
    let failures = 0;
    for (let tries = 0; this.#pending.has(stop); tries += 1) {
      // A program that has nothing else to do need not wait for a server that stays away.
      await sleep(pauseMs(this.retry, tries, error), never(), { mayExit: tries >= attempts });
      if (!this.#pending.has(stop)) return;
      await this.#send(stop).catch((failed: unknown) => (error = failed));
      failures = error instanceof ServerError ? failures + 1 : 0;
      if (failures >= attempts) this.#pending.delete(stop);
    }
  }
}

function isKnownRun(stored: unknown): stored is KnownRun {
  const run = stored as Partial<KnownRun> | null;
  return typeof run?.id === 'string' && typeof run.url === 'string';
}

/** The server is there, but fails: what comes next must not wait for that. */
function unlessAnswered(error: unknown): void {
  if (!(error instanceof ServerError)) throw error;
}
