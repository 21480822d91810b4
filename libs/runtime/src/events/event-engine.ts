import type { ResponseCache } from '../cache/response-cache.js';
import type { PolicyState } from '../policy-state/policy-state.js';
import type { RunBus } from './run-bus.js';
import type { RunLog } from './run-log.js';

/**
 * The pair that carries a run's events between processes, a cache, and what the processes know together, on one of two
 * engines. A class, to be injected by it.
 */
export abstract class EventEngine {
  abstract readonly kind: 'redis' | 'postgres';
  abstract readonly log: RunLog;
  abstract readonly bus: RunBus;
  abstract readonly cache: ResponseCache;
  abstract readonly policies: PolicyState;
  /** Whether a call would reach the engine now, as far as the connections know; costs no round trip. */
  abstract isReady(): boolean;
  abstract ping(): Promise<void>;
  /** Drops what has expired, where the engine does not do so by itself. */
  abstract removeExpired(): Promise<number>;
  abstract close(): Promise<void>;
}
