import pg from 'pg';

const CONNECT_WITHIN_MS = 5_000;
/** Where the pooler has a single connection of Postgres', the second of ours waits for the first. */
const TURN_WITHIN_MS = 2_000;

/**
 * Whether an address leads to a pooler that gives Postgres' connections away after each transaction (PgBouncer's
 * `pool_mode = transaction`). Rejects if it leads nowhere. A pooler makes up the process number that a client is told, so that Postgres itself
 * costs one statement. Otherwise both of our connections open a transaction three times: a pooler hands out first what came
 * back last, or what came back first, and one of the two orders of giving back shows it.
 */
export async function isTransactionPooler(url: string): Promise<boolean> {
  const [one, other] = [newClient(url), newClient(url)];
  try {
    await one.connect();
    if ((await backendOf(one)) === (one as unknown as { processID: number }).processID) return false;
    await other.connect();
    return await changesBackend(one, other);
  } finally {
    await Promise.all([one.end(), other.end()]).catch(() => undefined);
  }
}

async function changesBackend(one: pg.Client, other: pg.Client): Promise<boolean> {
  const backends = new Set<number>();
  try {
    for (const back of [[one, other], [other, one], []]) {
      for (const client of [one, other]) await client.query('BEGIN');
      backends.add(await backendOf(one));
      for (const client of back) await client.query('COMMIT');
    }
  } catch (error) {
    if (isTimeout(error)) return true;
    throw error;
  }
  return backends.size > 1;
}

function newClient(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: 'chatkit-relay pooler check',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: TURN_WITHIN_MS,
  });
  // Reported by what was asked.
  client.on('error', () => undefined);
  return client;
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';
