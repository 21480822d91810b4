import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { Listener } from '../../libs/runtime/src/events/postgres/listener.js';
import { createTestDatabase } from '../support/engines.js';

describe('the listener on Postgres', () => {
  it('reconnects after an outage with one connection and all its channels', async () => {
    const [database, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const admin = new pg.Client({ connectionString: other.url });
    await admin.connect();
    const name = new URL(database.url).pathname.slice(1);
    const onError = vi.fn<(error: Error) => void>();
    const heard: string[] = [];
    const listener = new Listener(database.url, onError);
    await listener.connect();
    await Promise.all(
      ['one', 'two'].map((channel) => listener.listen(channel, (text) => heard.push(`${channel}:${text}`))),
    );
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    // The cut, then three refused tries, half a second apart: not two, four and eight of them.
    const began = performance.now();
    await vi.waitFor(() => expect(onError.mock.calls.length).toBeGreaterThanOrEqual(4), { timeout: 5_000 });
    expect(listener.isConnected()).toBe(false);
    expect(performance.now() - began).toBeGreaterThan(900);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await vi.waitFor(() => expect(listener.isConnected()).toBe(true), { timeout: 5_000 });
    const sender = new pg.Client({ connectionString: database.url });
    await sender.connect();
    await sender.query(`SELECT pg_notify('one', 'a'), pg_notify('two', 'b')`);
    await vi.waitFor(() => expect(heard).toEqual(['one:a', 'two:b']));
    const { rows } = await admin.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE '%listener'`,
      [name],
    );
    expect(rows[0]?.n).toBe(1);
    await Promise.all([listener.close(), sender.end(), admin.end()]);
    await Promise.all([database.drop(), other.drop()]);
  });
});
