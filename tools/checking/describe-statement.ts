import type { Connection, PoolClient, Submittable } from 'pg';

/** A column of a result, as Postgres describes it without running the statement. */
export interface DescribedColumn {
  readonly name: string;
  /** `pg_type.oid` */
  readonly dataTypeID: number;
  /** The column of a table that it stands for; 0 for an expression. */
  readonly tableID: number;
  readonly columnID: number;
}

/** Parse and Describe of the wire protocol: the client library has no method for it. */
class Description implements Submittable {
  private columns: readonly DescribedColumn[] = [];

  constructor(
    private readonly sql: string,
    private readonly done: (error: Error | undefined, columns: readonly DescribedColumn[]) => void,
  ) {}

  submit(connection: Connection): void {
    connection.parse({ name: '', text: this.sql, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly DescribedColumn[] }): void {
    this.columns = fields;
  }

  handleError(error: Error): void {
    this.done(error, []);
  }

  handleReadyForQuery(): void {
    this.done(undefined, this.columns);
  }
}

/** Throws the error of Postgres for a statement that it cannot parse. */
export function describeStatement(client: PoolClient, sql: string): Promise<readonly DescribedColumn[]> {
  return new Promise((resolve, reject) => {
    client.query(new Description(sql, (error, columns) => (error ? reject(error) : resolve(columns))));
  });
}
