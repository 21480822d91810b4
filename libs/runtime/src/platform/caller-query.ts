import pg from 'pg';
import type { Connection, QueryConfig, QueryResult, Submittable } from 'pg';

/** The user of a tenant for whom a statement runs. Without a user: rows of the whole tenant, and none of any user's. */
export interface RowOwner {
  readonly tenantId: string;
  readonly userId: string;
}

/**
 * Takes the role that row-level security applies to, until the transaction ends (`SET LOCAL`, as a statement with parameters).
 * The last parameter is false where the statement is only to be prepared.
 */
const SCOPE = {
  name: 'caller-scope',
  text: `SELECT set_config('relay.tenant', $1, true), set_config('relay.user', $2, true), set_config('role', tenant_role(), true)
         WHERE $3::boolean`,
};

/** Once for each connection. Then a caller's statement needs no round trip of its own for its scope. */
export async function prepareScope(client: pg.ClientBase): Promise<void> {
  await client.query({ ...SCOPE, values: ['', '', false] });
}

/** What the driver's query is, and its types do not say. */
export interface DriverQuery extends Submittable {
  name: string | undefined;
  readonly text: string;
  hasBeenParsed(connection: Connection): boolean;
  prepare(connection: Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
}
export type Done = (error: Error | null, result: QueryResult) => void;
export const DriverQuery = pg.Query as unknown as new (
  config: QueryConfig,
  values?: undefined,
  done?: Done,
) => DriverQuery;

/** The scope of the next statements of a transaction, on a connection where it is prepared. */
export function bindScope(connection: Connection, { tenantId, userId }: RowOwner, statement = SCOPE.name): void {
  connection.bind({ statement, values: [tenantId, userId, 'true'] }, true);
  connection.execute({}, true);
}

/** Plans depend on the role, so that a caller's statement is prepared apart from the same one of the system. */
export const forCaller = (config: QueryConfig): QueryConfig =>
  config.name === undefined ? config : { ...config, name: `${config.name}~` };

/**
 * A statement for one caller, in one round trip: scope and statement are sent together, up to one Sync, and are therefore one
 * transaction. If the scope fails, Postgres skips the statement. `BEGIN` as the statement opens a longer transaction, which keeps
 * the scope.
 */
export class CallerQuery extends DriverQuery {
  private isScoped = false;
  private hasNames = true;

  constructor(
    config: QueryConfig,
    private readonly owner: RowOwner,
    done?: Done,
  ) {
    super({ ...forCaller(config), queryMode: 'extended' } as QueryConfig, undefined, done);
  }

  /** For a connection of Postgres' that has not prepared anything, and may be another one next time. */
  withoutNames(): void {
    this.hasNames = false;
    this.name = undefined;
  }

  override prepare(connection: Connection): void {
    if (!this.hasNames) connection.parse({ name: '', text: SCOPE.text, types: [] }, true);
    bindScope(connection, this.owner, this.hasNames ? SCOPE.name : '');
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.isScoped) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.isScoped) super.handleCommandComplete(message, connection);
    else this.isScoped = true;
  }
}
