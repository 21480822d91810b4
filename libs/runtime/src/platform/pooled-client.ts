import pg from 'pg';
import { CallerQuery } from './caller-query.js';
import { IDLE_IN_TRANSACTION_MS } from './session.js';

type Send = (this: pg.Client, query: unknown, ...rest: unknown[]) => unknown;
const send = pg.Client.prototype.query as Send;

/**
 * A connection to a pooler that gives Postgres' connections away after each transaction: what was prepared on one of them is
 * not there on the next, so that no statement has a name.
 */
export class PooledClient extends pg.Client {
  /** As every connection without a pooler is limited from its start. */
  async limitTransaction(): Promise<void> {
    await this.query(`SET LOCAL idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`);
  }
}

// The driver declares `query` with more overloads than a method here could repeat.
PooledClient.prototype.query = function (this: pg.Client, query: unknown, ...rest: unknown[]) {
  if (query instanceof CallerQuery) query.withoutNames();
  return send.call(this, isNamed(query) ? { ...query, name: undefined } : query, ...rest);
} as pg.Client['query'];

/** A configuration; queries of the driver's own class have a `submit`. */
const isNamed = (query: unknown): query is object =>
  typeof query === 'object' && query !== null && 'name' in query && !('submit' in query);
