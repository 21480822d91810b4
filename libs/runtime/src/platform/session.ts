/**
 * A process that freezes or loses its connection within a transaction holds its locks, and others wait for them, until
 * Postgres ends its session. Shorter than a lease, so that recovery does not wait either.
 */
export const IDLE_IN_TRANSACTION_MS = 5_000;

/**
 * Prisma's adapter reads and writes timestamps as if the session were in UTC, and the driver expects ISO dates: neither is up
 * to the database, its role or the machine that it runs on. Also for other connections of ours.
 */
export const SESSION_TIMES = `SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'`;

/**
 * Every statement finds few rows by an index. Postgres plans a statement once for each connection, perhaps while
 * its tables are still empty, and would otherwise scan them sequentially when they have grown. A plan that has no other way is given
 * an enormous cost, for which Postgres would compile it, and that takes longer than any of them.
 */
export const SESSION = `
  ${SESSION_TIMES};
  SET idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
  SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off`;
