import type { Queryable } from '../platform/database.js';
import type { ResponseCache } from './response-cache.js';

export class PostgresResponseCache implements ResponseCache {
  constructor(private readonly db: Queryable) {}

  async get(key: string): Promise<string | undefined> {
    const { rows } = await this.db.query<{ value: string }>({
      name: 'cache-get',
      text: `SELECT value FROM cached_responses WHERE key = $1 AND expires_at > now()`,
      values: [key],
    });
    return rows[0]?.value;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.db.query({
      name: 'cache-set',
      text: `INSERT INTO cached_responses (key, value, expires_at) VALUES ($1, $2, now() + $3 * interval '1 s')
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
      values: [key, value, ttlSeconds],
    });
  }

  async removeExpired(): Promise<void> {
    await this.db.query(`DELETE FROM cached_responses WHERE expires_at <= now()`);
  }
}
