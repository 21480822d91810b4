import pg from 'pg';
import { IDLE_IN_TRANSACTION_MS } from './session.js';

const CONNECT_WITHIN_MS = 5_000;

/**
 * What BullMQ's connections set at their start, as it chooses its schema there. A pooler in front of Postgres may refuse them
 * whatever its mode is, as PgBouncer does.
 */
export const queueParameters = {
  options: '-c timezone=UTC',
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
} as const;

/** Why parameters are refused at this address, in the words of whoever refuses them; undefined if they are not, or nobody answers. */
export async function refusedParameters(connectionString: string): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString,
    application_name: 'chatkit-relay pooler check',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...queueParameters,
  });
  // Reported by what was asked.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return message.includes('unsupported startup parameter') ? message : undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
