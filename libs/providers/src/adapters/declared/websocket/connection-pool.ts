import { Connection, type Line } from './connection.js';
import type { ProviderError } from '../../../spec/provider-error.js';
import type { Exchange } from './exchange.js';

/** How the connections of one API are pooled. */
export interface PoolSettings {
  /** Connections at once. */
  readonly max: number;
  /** How long an unused one stays open. */
  readonly idleMs: number;
  /** Until a connection that has died unused is replaced; twice as long after each attempt that fails. */
  readonly reconnectMs: number;
}

/** Replacing is tried no less often. */
const MAX_RECONNECT_MS = 30_000;

/** A connection that was asked, and whether it had stood before. */
export interface Leased {
  readonly connection: Connection;
  readonly reused: boolean;
}

/** Connections that are reused: one answer at a time on each, or all on one. */
export class ConnectionPool {
  readonly #all = new Set<Connection>();
  /** When unused ones are closed. */
  readonly #idle = new Map<Connection, { readonly until: number; readonly timer: NodeJS.Timeout }>();
  readonly #waiting = new Set<() => void>();
  #revival: NodeJS.Timeout | undefined;

  /** @param newLine makes what each connection is opened with */
  constructor(
    private readonly settings: PoolSettings,
    private readonly newLine: () => Line,
  ) {}

  /**
   * Asks a connection that has room, waits for one, or opens it. `fresh`: none that has been idle, because one of those has
   * turned out dead. @throws ProviderError, or `signal.reason` once aborted
   */
  async ask(exchange: Exchange, request: unknown, signal: AbortSignal, fresh: boolean): Promise<Leased> {
    if (fresh) for (const connection of this.#idle.keys()) connection.terminate();
    for (let waited = false; ; waited = true) {
      signal.throwIfAborted();
      const connection = [...this.#all].find(({ hasRoom }) => hasRoom);
      if (connection) {
        const reused = !waited || connection.used;
        this.#keepOpen(connection);
        connection.ask(exchange, request);
        return { connection, reused };
      }
      await untilAborted(this.#wait(), signal);
    }
  }

  /** Opens a connection to see whether one can. @throws ProviderError, or `signal.reason` once aborted */
  async probe(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const connection = new Connection(this.newLine(), () => undefined);
    try {
      await untilAborted(connection.ready, signal);
    } finally {
      connection.close();
    }
  }

  /** Waits until a connection may be available. */
  #wait(): Promise<void> {
    const opening =
      this.settings.max === 1 ? [...this.#all].find(({ opening: stillOpening }) => stillOpening) : undefined;
    if (opening) return opening.ready;
    if (this.#all.size < this.settings.max) return this.#open().ready;
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #open(): Connection {
    const connection = new Connection(this.newLine(), (changed) => this.#changed(changed));
    this.#all.add(connection);
    return connection;
  }

  #changed(connection: Connection): void {
    if (connection.closed) this.#gone(connection);
    else if (connection.idle) this.#rest(connection, Date.now() + this.settings.idleMs);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const look of waiting) look();
  }

  #rest(connection: Connection, until: number): void {
    this.#keepOpen(connection);
    connection.unref();
    const timer = setTimeout(() => connection.close(), until - Date.now()).unref();
    this.#idle.set(connection, { until, timer });
  }

  #keepOpen(connection: Connection): void {
    clearTimeout(this.#idle.get(connection)?.timer);
    this.#idle.delete(connection);
  }

  #gone(connection: Connection): void {
    const rest = this.#idle.get(connection);
    this.#keepOpen(connection);
    this.#all.delete(connection);
    if (rest) this.#revive(rest.until, this.settings.reconnectMs);
  }

  /** So that the next answer finds a connection, for as long as the dead one would have stayed open. */
  #revive(until: number, waitMs: number): void {
    if (this.#revival || this.#all.size > 0 || Date.now() + waitMs > until) return;
    const attempt = () => {
      this.#revival = undefined;
      if (this.#all.size > 0) return;
      const connection = this.#open();
      connection.ready.then(
        () => connection.idle && this.#rest(connection, until),
        (error: ProviderError) => error.retryable && this.#revive(until, Math.min(2 * waitMs, MAX_RECONNECT_MS)),
      );
    };
    // Not all workers at once.
    this.#revival = setTimeout(attempt, waitMs * (0.5 + Math.random() / 2)).unref();
  }
}

/** @throws what the wait throws, or `signal.reason` once aborted */
function untilAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    wait.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
