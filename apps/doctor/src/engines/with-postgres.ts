import pg from 'pg';
import { schemaOf } from '#runtime';
import { type Finding, skip } from '../finding.js';
import type { Installation } from '../installation.js';

const PATIENCE_MS = 8_000;

/** A plain connection, as a stranger has it, but to the schema of the product. */
export async function connectPostgres(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'chatkit-relay doctor',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  client.on('error', () => undefined); // reported by connect() and query()
  await client.connect();
  const schema = schemaOf(url);
  if (schema !== undefined) await client.query(`SET search_path = ${client.escapeIdentifier(schema)}`);
  return client;
}

/** Looks at the database by two connections; that it cannot be reached is the finding of the check `postgres`. */
export async function withPostgres(
  { directDatabaseUrl: url }: Installation,
  look: (client: pg.Client, other: pg.Client) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  if (url === undefined) return [];
  const opened = await Promise.allSettled([connectPostgres(url), connectPostgres(url)]);
  const clients = opened.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const [client, other] = clients;
  try {
    return client && other ? await look(client, other) : [skip('Postgres cannot be reached.')];
  } finally {
    await Promise.all(clients.map((each) => each.end()));
  }
}
