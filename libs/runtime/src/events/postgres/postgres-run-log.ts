import type { Queryable } from '../../platform/database.js';
import { bigint, int, json, prepared, query, text, unprepared } from '../../platform/statement.js';
import { LOG_ABANDONED_MS } from '../../platform/tunables.js';
import { type Cursor, decodeStored, type Entry, isAfter } from '../entry.js';
import { instanceChannel } from '../run-bus.js';
import type { Append, Copy, Refusal, RunLog } from '../run-log.js';
import { notifications, notifyChannel } from './notifications.js';

/**
 * One row for each entry, and one head row for each run, whose lock decides which of two writers is newer. A flush is
 * one statement: its entries become visible and its notifications are sent at the same commit. A merged log is one row,
 * which the last entry of a run brings along.
 */
const APPEND = prepared(
  'run-log-append',
  `
    WITH given AS (
      SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $8::int[], $9::boolean[])
        AS g(run_id, fence, seq, entry, kept_ms, is_merged)
    ), newest AS (
      SELECT DISTINCT ON (run_id) run_id, fence, seq, kept_ms, is_merged FROM given
      ORDER BY run_id, fence DESC, seq DESC
    ), advanced AS (
      INSERT INTO run_log_heads AS head (run_id, fence, seq, expires_at)
      SELECT run_id, fence, seq, now() + coalesce(kept_ms, $5::int) * interval '1 ms'
      FROM newest ORDER BY run_id
      ON CONFLICT (run_id) DO UPDATE SET fence = excluded.fence, seq = excluded.seq,
                                         expires_at = least(head.expires_at, excluded.expires_at)
        WHERE (head.fence, head.seq) < (excluded.fence, excluded.seq)
      RETURNING run_id, fence
    ), merged AS (
      DELETE FROM run_log_entries AS old USING newest JOIN advanced USING (run_id, fence)
      WHERE newest.is_merged AND old.run_id = newest.run_id
    ), appended AS (
      INSERT INTO run_log_entries (run_id, fence, seq, entry)
      SELECT run_id, fence, given.seq, given.entry
      FROM given JOIN advanced USING (run_id, fence) JOIN newest USING (run_id, fence)
      WHERE given.is_merged OR NOT newest.is_merged
      ON CONFLICT DO NOTHING
    ), sent AS (
      SELECT pg_notify(channel, message) FROM unnest($6::text[], $7::text[]) AS c(channel, message)
    )
    SELECT (SELECT count(*) FROM sent) AS sent,
           (SELECT coalesce(json_agg(json_build_object('runId', run_id, 'fence', fence, 'seq', seq)), '[]')
            FROM (SELECT run_id, fence, max(seq) AS seq FROM given GROUP BY run_id, fence) AS attempt
            WHERE (run_id, fence) NOT IN (SELECT run_id, fence FROM advanced)) AS refused`,
  { sent: bigint(), refused: json<Refused[]>() },
);

const READ = prepared(
  'run-log-read',
  'SELECT entry FROM run_log_entries WHERE run_id = $1 AND (fence, seq) > ($2, $3) ORDER BY fence, seq LIMIT $4',
  { entry: text() },
);

const REMOVE_EXPIRED = unprepared(
  'run-log-remove-expired',
  `WITH expired AS (DELETE FROM run_log_heads WHERE expires_at < now() RETURNING run_id), entries AS (
     DELETE FROM run_log_entries USING expired WHERE run_log_entries.run_id = expired.run_id)
   SELECT run_id FROM expired`,
);
const REMOVE_EXPIRED_READERS = unprepared(
  'run-readers-remove-expired',
  'DELETE FROM run_readers WHERE expires_at < now()',
);

const DELETE = unprepared(
  'run-log-delete',
  `WITH heads AS (DELETE FROM run_log_heads WHERE run_id = ANY($1::text[])), readers AS (
     DELETE FROM run_readers WHERE run_id = ANY($1::text[]))
   DELETE FROM run_log_entries WHERE run_id = ANY($1::text[])`,
);

const NEWEST = unprepared('run-log-newest', 'SELECT fence, seq FROM run_log_heads WHERE run_id = $1', {
  fence: int(),
  seq: int(),
});

/** The newest entry of an attempt that was refused. */
type Refused = { readonly runId: string } & Cursor;

export class PostgresRunLog implements RunLog {
  constructor(private readonly db: Queryable) {}

  lane(_runId: string): string {
    return '';
  }

  async append(entries: readonly Append[], copies: readonly Copy[]): Promise<Refusal[]> {
    const messages = copies.flatMap(({ instance, entries: copied }) =>
      notifications(copied).map((payload) => ({ channel: notifyChannel(instanceChannel(instance)), payload })),
    );
    const { rows } = await query(this.db, APPEND, [
      entries.map((entry) => entry.runId),
      entries.map((entry) => entry.fence),
      entries.map((entry) => entry.last),
      entries.map(({ encoded, end }) => end?.merged ?? encoded),
      LOG_ABANDONED_MS,
      messages.map((message) => message.channel),
      messages.map((message) => message.payload),
      entries.map(({ end }) => end?.keptMs ?? null),
      entries.map(({ end }) => end?.merged !== undefined),
    ]);
    return Promise.all((rows[0]?.refused ?? []).map((refused) => this.refusal(refused)));
  }

  async readAfter(runId: string, after: Cursor = { fence: 0, seq: 0 }, limit?: number): Promise<Entry[]> {
    const { rows } = await query(this.db, READ, [runId, after.fence, after.seq, limit ?? null]);
    const entries = rows.flatMap(({ entry }) => decodeStored(Buffer.from(entry)));
    return entries.filter((entry) => isAfter(entry, after));
  }

  async delete(runIds: readonly string[]): Promise<void> {
    await query(this.db, DELETE, [runIds]);
  }

  async removeExpired(): Promise<number> {
    const { rowCount } = await query(this.db, REMOVE_EXPIRED);
    await query(this.db, REMOVE_EXPIRED_READERS);
    return rowCount ?? 0;
  }

  private async refusal({ runId, fence, seq }: Refused): Promise<Refusal> {
    const { rows } = await query(this.db, NEWEST, [runId]);
    return { runId, refused: { fence, seq }, newest: rows[0] ?? { fence: 0, seq: 0 } };
  }
}
