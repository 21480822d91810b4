import type { RedisClient } from '../../redis/open-redis.js';
import { redisScript, runScript } from '../../redis/redis-script.js';
import type { RedisNames } from '../../redis/redis-names.js';
import { READER_TTL_MS } from '../../platform/tunables.js';
import type { RunBus, Unlisten } from '../run-bus.js';

/** KEYS: readers. ARGV: time to live, instance. */
const JOIN = redisScript(`
redis.call('ZADD', KEYS[1], exact(now + ARGV[1]), ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])`);

/** Readers of a run are a sorted set scored by the time at which their membership expires, by the clock of Redis. */
export abstract class RedisRunBus implements RunBus {
  private readonly handlers = new Map<string, (message: Buffer) => void>();

  constructor(
    private readonly commands: RedisClient,
    protected readonly names: RedisNames,
  ) {}

  async join(runId: string, instance: string): Promise<void> {
    await runScript(this.commands, JOIN, [this.names.readers(runId)], [READER_TTL_MS, instance]);
  }

  async leave(runId: string, instance: string): Promise<void> {
    await this.commands.zrem(this.names.readers(runId), instance);
  }

  async readersOf(runIds: readonly string[]): Promise<Map<string, string[]>> {
    const pipeline = this.commands.pipeline().time();
    for (const runId of runIds) pipeline.zrange(this.names.readers(runId), '0', '-1', 'WITHSCORES');
    const [time, ...sets] = throwFirstError(await pipeline.exec()).map(([, reply]) => reply as string[]);
    const now = Number(time?.[0]) * 1000 + Number(time?.[1]) / 1000;
    const readers = new Map<string, string[]>();
    for (const [index, runId] of runIds.entries()) {
      const instances = unexpired(sets[index] ?? [], now);
      if (instances.length > 0) readers.set(runId, instances);
    }
    return readers;
  }

  abstract listen(name: string, onMessage: (message: Buffer) => void): Promise<Unlisten>;
  abstract send(channel: string, message: string): Promise<void>;

  /** Returns the name of the channel in Redis. */
  protected handle(name: string, onMessage: (message: Buffer) => void): string {
    const channel = this.names.channel(name);
    this.handlers.set(channel, onMessage);
    return channel;
  }

  protected forget(channel: string): void {
    this.handlers.delete(channel);
  }

  protected receive(channel: Buffer, message: Buffer): void {
    this.handlers.get(channel.toString())?.(message);
  }
}

/** Of members and scores, by turns: the members with a later score. */
const unexpired = (set: readonly string[], now: number): string[] =>
  set.filter((_, index) => index % 2 === 0 && Number(set[index + 1]) >= now);

type PipelineResults = [Error | null, unknown][];

function throwFirstError(results: PipelineResults | null): PipelineResults {
  for (const [error] of results ?? []) if (error) throw error;
  return results ?? [];
}
