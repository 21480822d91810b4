import type { Redis } from 'ioredis';
import { READER_TTL_MS } from '../../platform/tunables.js';
import type { RunBus, Unlisten } from '../run-bus.js';

const readersKey = (runId: string): string => `relay:run:${runId}:readers`;

/** Readers of a run are a sorted set scored by the time at which their membership expires. */
export class RedisRunBus implements RunBus {
  private readonly handlers = new Map<string, (message: Buffer) => void>();

  constructor(
    private readonly commands: Redis,
    private readonly subscriber: Redis,
  ) {
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      this.handlers.get(channel.toString())?.(message);
    });
  }

  async join(runId: string, instance: string): Promise<void> {
    const key = readersKey(runId);
    await this.commands
      .pipeline()
      .zadd(key, Date.now() + READER_TTL_MS, instance)
      .pexpire(key, READER_TTL_MS)
      .exec()
      .then(throwFirstError);
  }

  async leave(runId: string, instance: string): Promise<void> {
    await this.commands.zrem(readersKey(runId), instance);
  }

  async readersOf(runIds: readonly string[]): Promise<Map<string, string[]>> {
    const pipeline = this.commands.pipeline();
    const now = Date.now();
    for (const runId of runIds) pipeline.zrange(readersKey(runId), now, '+inf', 'BYSCORE');
    const results = throwFirstError(await pipeline.exec());
    const readers = new Map<string, string[]>();
    for (const [index, runId] of runIds.entries()) {
      const instances = results[index]?.[1] as string[];
      if (instances.length > 0) readers.set(runId, instances);
    }
    return readers;
  }

  async listen(channel: string, onMessage: (message: Buffer) => void): Promise<Unlisten> {
    this.handlers.set(channel, onMessage);
    await this.subscriber.subscribe(channel);
    return async () => {
      this.handlers.delete(channel);
      // Messages are ignored from here on. UNSUBSCRIBE saves Redis a message or two; awaited, it would block during an outage.
      this.subscriber.unsubscribe(channel).catch(() => undefined);
    };
  }

  async send(channel: string, message: string): Promise<void> {
    await this.commands.publish(channel, message);
  }
}

type PipelineResults = [Error | null, unknown][];

function throwFirstError(results: PipelineResults | null): PipelineResults {
  for (const [error] of results ?? []) if (error) throw error;
  return results ?? [];
}
