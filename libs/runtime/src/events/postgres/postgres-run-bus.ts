import type { Queryable } from '../../platform/database.js';
import { prepared, query, text, texts, unprepared } from '../../platform/statement.js';
import { READER_TTL_MS } from '../../platform/tunables.js';
import type { RunBus, Unlisten } from '../run-bus.js';
import type { Listener } from './listener.js';
import { notifyChannel } from './notifications.js';

const JOIN = prepared(
  'run-readers-join',
  `INSERT INTO run_readers (run_id, instance, expires_at) VALUES ($1, $2, now() + $3 * interval '1 ms')
   ON CONFLICT (run_id, instance) DO UPDATE SET expires_at = excluded.expires_at`,
);
const LEAVE = unprepared('run-readers-leave', 'DELETE FROM run_readers WHERE run_id = $1 AND instance = $2');
const READERS_OF = prepared(
  'run-readers-of',
  `SELECT run_id, array_agg(instance) AS instances FROM run_readers
   WHERE run_id = ANY($1::text[]) AND expires_at > now() GROUP BY run_id`,
  { run_id: text(), instances: texts() },
);
const NOTIFY = unprepared('run-bus-notify', 'SELECT pg_notify($1, $2)');

export class PostgresRunBus implements RunBus {
  constructor(
    private readonly db: Queryable,
    private readonly listener: Listener,
  ) {}

  async join(runId: string, instance: string): Promise<void> {
    await query(this.db, JOIN, [runId, instance, READER_TTL_MS]);
  }

  async leave(runId: string, instance: string): Promise<void> {
    await query(this.db, LEAVE, [runId, instance]);
  }

  async readersOf(runIds: readonly string[]): Promise<Map<string, string[]>> {
    const { rows } = await query(this.db, READERS_OF, [runIds]);
    return new Map(rows.map((row) => [row.run_id, row.instances]));
  }

  async listen(name: string, onMessage: (message: Buffer) => void): Promise<Unlisten> {
    const channel = notifyChannel(name);
    await this.listener.listen(channel, onMessage);
    return () => this.listener.unlisten(channel);
  }

  async send(channel: string, message: string): Promise<void> {
    await query(this.db, NOTIFY, [notifyChannel(channel), message]);
  }
}
