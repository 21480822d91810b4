import type { Queryable } from '../platform/database.js';
import { prepared, query, text, unprepared } from '../platform/statement.js';
import type { ResponseCache } from './response-cache.js';

const GET = prepared('cache-get', 'SELECT value FROM cached_responses WHERE key = $1 AND expires_at > now()', {
  value: text(),
});
const SET = prepared(
  'cache-set',
  `INSERT INTO cached_responses (key, value, expires_at) VALUES ($1, $2, now() + $3 * interval '1 s')
   ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
);
const CLEAR = unprepared('cache-clear', 'DELETE FROM cached_responses');
const REMOVE_EXPIRED = unprepared('cache-remove-expired', 'DELETE FROM cached_responses WHERE expires_at <= now()');

export class PostgresResponseCache implements ResponseCache {
  constructor(private readonly db: Queryable) {}

  async get(key: string): Promise<string | undefined> {
    const { rows } = await query(this.db, GET, [key]);
    return rows[0]?.value;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await query(this.db, SET, [key, value, ttlSeconds]);
  }

  async clear(): Promise<void> {
    await query(this.db, CLEAR);
  }

  async removeExpired(): Promise<void> {
    await query(this.db, REMOVE_EXPIRED);
  }
}
