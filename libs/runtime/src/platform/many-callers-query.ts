import type { Connection, QueryConfig, QueryResult } from 'pg';
import { bindScope, type Done, DriverQuery, forCaller, type RowOwner } from './caller-query.js';

/** The values of one caller. */
export interface CallerValues {
  readonly owner: RowOwner;
  readonly values: readonly unknown[];
}

/**
 * A prepared statement for several callers, each with its own values: sent together up to one Sync, so that they are one round trip, one
 * transaction and one commit. Either all are done or none. With row-level security each is preceded by the scope of its own
 * caller; Postgres does them one after the other, and skips the rest after a failure.
 */
export class ManyCallersQuery extends DriverQuery {
  private isScopeNext: boolean;

  constructor(
    config: QueryConfig,
    private readonly callers: readonly CallerValues[],
    private readonly isScoped: boolean,
    done?: Done,
  ) {
    super({ ...(isScoped ? forCaller(config) : config), queryMode: 'extended' } as QueryConfig, undefined, done);
    this.isScopeNext = isScoped;
  }

  override prepare(connection: Connection): void {
    const { name, text } = this;
    if (!this.hasBeenParsed(connection)) connection.parse({ name: name ?? '', text, types: [] }, true);
    for (const { owner, values } of this.callers) {
      if (this.isScoped) bindScope(connection, owner);
      connection.bind({ statement: name ?? '', values: values.map(asText) }, true);
      connection.describe({ type: 'P', name: '' }, true);
      connection.execute({}, true);
    }
    connection.sync();
  }

  override handleDataRow(message: unknown): void {
    if (!this.isScopeNext) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (!this.isScopeNext) super.handleCommandComplete(message, connection);
    if (this.isScoped) this.isScopeNext = !this.isScopeNext;
  }
}

/** One caller's result is no list. */
export const resultsOf = (results: QueryResult | QueryResult[]): readonly QueryResult[] =>
  Array.isArray(results) ? results : [results];

/** As the driver writes plain values. */
function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error('a statement for many callers takes plain values only');
}
