/** Of the pool that statements go through. */
export const POOL_CONNECTIONS = 10;

/** Without Redis, of each queue: of the side that adds jobs, and of the one that takes them. */
export const QUEUE_CONNECTIONS = 5;

/** Of runs, and of assistant calls. */
const QUEUES = 2;
/** Of a side that takes jobs, besides: what waits for them. */
const WAITING = 1;
/** Of each engine's bus, for its messages. */
const LISTENING = 1;
/** Of the engine on Redis, for everything but messages. */
const COMMANDS = 1;

export interface Connections {
  readonly postgres: number;
  /** To one server, or to each Sentinel's primary. A cluster has more: they go to each of its nodes. */
  readonly redis: number;
}

/** What one process may open at most. docs/deploy.md has the same numbers, and test/deploy/connections.test.ts counts them. */
export function connectionsOf(role: 'api' | 'worker', hasRedis: boolean): Connections {
  const takes = role === 'worker' ? QUEUES : 0;
  if (hasRedis) {
    return { postgres: POOL_CONNECTIONS, redis: COMMANDS + LISTENING + QUEUES + takes * (1 + WAITING) };
  }
  const ofQueues = QUEUES * QUEUE_CONNECTIONS + takes * (QUEUE_CONNECTIONS + WAITING);
  return { postgres: POOL_CONNECTIONS + LISTENING + ofQueues, redis: 0 };
}
