import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { Batcher } from './batcher.js';
import type { Database, Queryable, RowOwner } from './database.js';

interface Call {
  readonly owner: RowOwner;
  readonly config: QueryConfig;
}

/**
 * One prepared statement of many callers that waits for no lock: those that come together are sent together, in one round trip with one
 * commit ({@link Database.ofMany}). When Postgres refuses one of them, none is done, and each is done on its own: what is wrong
 * with one is no other caller's error.
 */
export class JoinedStatement {
  private readonly calls: Batcher<Call, QueryResult>;

  constructor(private readonly db: Database) {
    this.calls = new Batcher({
      together: async (calls) => {
        const [first] = calls;
        // Behind a pooler no connection has it prepared; and one alone has nobody to wait with.
        if (!first || calls.length === 1 || !db.canJoin) return new Map(calls.map((call) => [call, this.alone(call)]));
        const results = await db.ofMany(
          first.config,
          calls.map(({ owner, config }) => ({ owner, values: config.values ?? [] })),
        );
        return new Map(calls.map((call, index) => [call, results[index] as QueryResult]));
      },
      alone: (call) => this.alone(call),
    });
  }

  /** Takes this one statement only. */
  of(owner: RowOwner): Queryable {
    return {
      query: <Row extends QueryResultRow>(config: QueryConfig) =>
        this.calls.do({ owner, config }) as Promise<QueryResult<Row>>,
    };
  }

  private alone({ owner, config }: Call): Promise<QueryResult> {
    return this.db.of(owner).query(config);
  }
}
