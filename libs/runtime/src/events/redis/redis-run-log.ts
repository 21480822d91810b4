import type { ChainableCommander } from 'ioredis';
import { LOG_ABANDONED_MS } from '../../platform/tunables.js';
import { type Cursor, decodeStored, type Entry, isAfter } from '../entry.js';
import { instanceChannel } from '../run-bus.js';
import type { RedisClient } from '../../redis/open-redis.js';
import type { RedisNames } from '../../redis/redis-names.js';
import type { Append, Copy, Refusal, RunLog } from '../run-log.js';

const ENTRY_FIELD = 'e';
const FIRST_CURSOR = '-';

/**
 * One stream for each run. The entry's stream id is `<fence>-<last seq>`, so Redis itself refuses entries that are not newer: a
 * worker that lost its run cannot append under its old fence.
 */
export class RedisRunLog implements RunLog {
  constructor(
    private readonly redis: RedisClient,
    protected readonly names: RedisNames,
  ) {}

  lane(_runId: string): string {
    return '';
  }

  async append(entries: readonly Append[], copies: readonly Copy[]): Promise<Refusal[]> {
    const pipeline = this.redis.pipeline();
    for (const entry of entries) addAppend(pipeline, this.names.log(entry.runId), entry);
    // After all appends, so that an entry's reply is at its own index.
    for (const entry of entries) addExpiry(pipeline, this.names.log(entry.runId), entry);
    for (const copy of copies) {
      pipeline.publish(
        this.names.channel(instanceChannel(copy.instance)),
        copy.entries.map((entry) => entry.encoded).join(''),
      );
    }
    const results = (await pipeline.exec()) ?? [];
    const refusals: Refusal[] = [];
    for (const [index, entry] of entries.entries()) {
      const error = results[index]?.[0];
      if (!error) continue;
      if (!isNotNewer(error)) throw error;
      refusals.push({
        runId: entry.runId,
        refused: { fence: entry.fence, seq: entry.last },
        newest: await this.newest(entry.runId),
      });
    }
    return refusals;
  }

  async readAfter(runId: string, after?: Cursor, limit = Number.MAX_SAFE_INTEGER): Promise<Entry[]> {
    const from = after ? `(${after.fence}-${after.seq}` : FIRST_CURSOR;
    const rows = (await this.redis.xrangeBuffer(this.names.log(runId), from, '+', 'COUNT', limit)) as [
      Buffer,
      Buffer[],
    ][];
    const entries = rows.flatMap(([, fields]) => decodeStored(fields[1] ?? Buffer.alloc(0)));
    return after ? entries.filter((entry) => isAfter(entry, after)) : entries;
  }

  async delete(runIds: readonly string[]): Promise<void> {
    if (runIds.length > 0)
      await this.redis.unlink(runIds.flatMap((runId) => [this.names.log(runId), this.names.readers(runId)]));
  }

  private async newest(runId: string): Promise<Cursor> {
    const [row] = await this.redis.xrevrange(this.names.log(runId), '+', '-', 'COUNT', 1);
    const [fence = 0, seq = 0] = (row?.[0] ?? '0-0').split('-').map(Number);
    return { fence, seq };
  }
}

function addAppend(pipeline: ChainableCommander, key: string, { fence, last, encoded, end }: Append): void {
  const id = `${fence}-${last}`;
  if (end?.merged === undefined) pipeline.xadd(key, id, ENTRY_FIELD, encoded);
  // One command: a refused entry trims nothing, and no reader finds the log without either.
  else pipeline.xadd(key, 'MAXLEN', 1, id, ENTRY_FIELD, end.merged);
}

/** NX: a later attempt does not extend the expiry that an earlier one has set. */
function addExpiry(pipeline: ChainableCommander, key: string, { first, end }: Append): void {
  if (end) pipeline.pexpire(key, end.keptMs);
  else if (first === 1) pipeline.pexpire(key, LOG_ABANDONED_MS, 'NX');
}

// XADD's refusal has no error code of its own; this is the text since Redis 5 and in Valkey.
function isNotNewer(error: Error): boolean {
  return error.message.includes('equal or smaller than the target stream top item');
}
