/**
 * The names of all keys and channels of one installation: several may use one Redis. Every name begins with the prefix, and no
 * other file builds one. On a cluster, what is in braces decides where a key is: keys that one script or transaction uses are on
 * one node, runs are spread over all.
 */
export class RedisNames {
  /** `prefix` has no braces. */
  constructor(readonly prefix: string) {}

  /** A pattern of all names, for SCAN. */
  get all(): string {
    return `${this.prefix}:*`;
  }

  /** What BullMQ puts before the names of its queues: its scripts use all keys of a queue. */
  get queues(): string {
    return `${this.prefix}:{queue}`;
  }

  log(runId: string): string {
    return `${this.prefix}:run:{${runId}}:log`;
  }

  readers(runId: string): string {
    return `${this.prefix}:run:{${runId}}:readers`;
  }

  /** `*` stands for all. */
  cached(key: string): string {
    return `${this.prefix}:cache:${key}`;
  }

  policy(kind: 'rate' | 'permits' | 'breaker' | 'aside', key: string): string {
    return `${this.prefix}:{policies}:${kind}:${key}`;
  }

  /** The list of the stored breakers. */
  get breakers(): string {
    return `${this.prefix}:{policies}:breakers`;
  }

  /** Beside the queue: without it no message can be accepted. */
  get probe(): string {
    return `${this.prefix}:{queue}:probe`;
  }

  /** A key or channel with which somebody tries whether Redis works. */
  trial(id: string): string {
    return `${this.prefix}:trial:${id}`;
  }

  /** `name`: of a process, as `libs/runtime/src/events/run-bus.ts` makes it. */
  channel(name: string): string {
    return `${this.prefix}:${name}`;
  }
}

/** The prefix of an installation to which no other is given. */
export const prefixOf = (installationId: string): string => `relay:${installationId}`;
