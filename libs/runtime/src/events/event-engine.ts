import type { ResponseCache } from '../cache/response-cache.js';
import type { PolicyState } from '../policy-state/policy-state.js';
import type { RunBus } from './run-bus.js';
import type { RunLog } from './run-log.js';

export interface FoundText {
  readonly name: string;
  readonly count: number;
}

/**
 * The run log and the bus, which carry a run's events between processes, a cache, and the policy state that the workers
 * share, on one of two engines. A class, so that it can be injected.
 */
export abstract class EventEngine {
  abstract readonly kind: 'redis' | 'postgres';
  abstract readonly log: RunLog;
  abstract readonly bus: RunBus;
  abstract readonly cache: ResponseCache;
  abstract readonly policies: PolicyState;
  /** Whether the engine is probably available now, judged by its connections; costs no round trip. */
  abstract isReady(): boolean;
  /** The same, but after a moment in which the engine may come back: what lasts shorter than that refuses nobody. */
  abstract untilReady(): Promise<boolean>;
  abstract ping(): Promise<void>;
  /** How many entries of which keys have one of these texts. Reads everything; empty where the engine is Postgres itself. */
  abstract findTexts(texts: readonly string[]): Promise<FoundText[]>;
  /** Deletes what has expired, where the engine does not do so by itself. */
  abstract removeExpired(): Promise<number>;
  abstract close(): Promise<void>;
}
