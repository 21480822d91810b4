import type { Cluster } from 'ioredis';
import type { RedisNames } from '../../redis/redis-names.js';
import type { Unlisten } from '../run-bus.js';
import { RedisRunBus } from './redis-run-bus.js';

/**
 * By sharded pub/sub: a message is sent to the node of its channel alone, and not from there to all others. When another node takes
 * over, the client subscribes there.
 */
export class ClusterRunBus extends RedisRunBus {
  constructor(
    private readonly cluster: Cluster,
    names: RedisNames,
  ) {
    super(cluster, names);
    cluster.on('smessageBuffer', (channel: Buffer, message: Buffer) => this.receive(channel, message));
  }

  override async readersOf(runIds: readonly string[]): Promise<Map<string, string[]>> {
    const each = await Promise.allSettled(runIds.map((runId) => super.readersOf([runId])));
    const failed = each.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return new Map(each.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : [])));
  }

  override async listen(name: string, onMessage: (message: Buffer) => void): Promise<Unlisten> {
    const channel = this.handle(name, onMessage);
    await this.cluster.ssubscribe(channel);
    return async () => {
      this.forget(channel);
      this.cluster.sunsubscribe(channel).catch(() => undefined);
    };
  }

  override async send(channel: string, message: string): Promise<void> {
    await this.cluster.spublish(this.names.channel(channel), message);
  }
}
