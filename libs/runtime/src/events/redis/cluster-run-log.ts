import type { Cluster } from 'ioredis';
import type { RedisNames } from '../../redis/redis-names.js';
import type { Append, Copy, Refusal } from '../run-log.js';
import { instanceChannel } from '../run-bus.js';
import { RedisRunLog } from './redis-run-log.js';

/**
 * On a cluster each run is flushed on its own, because its node may be the one that has failed. Copies go out when the entry is
 * stored, through the node that the channel belongs to; one that is lost is read from the log after a moment of silence.
 */
export class ClusterRunLog extends RedisRunLog {
  constructor(
    private readonly cluster: Cluster,
    names: RedisNames,
  ) {
    super(cluster, names);
  }

  override lane(runId: string): string {
    return runId;
  }

  override async append(entries: readonly Append[], copies: readonly Copy[]): Promise<Refusal[]> {
    const refusals = await super.append(entries, []);
    for (const { instance, entries: copied } of copies) {
      const channel = this.names.channel(instanceChannel(instance));
      this.cluster.spublish(channel, copied.map(({ encoded }) => encoded).join('')).catch(() => undefined);
    }
    return refusals;
  }

  override async delete(runIds: readonly string[]): Promise<void> {
    await Promise.all(runIds.map((runId) => super.delete([runId])));
  }
}
