import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

/** @import { SqlDriverAdapter, SqlResultSet } from '@prisma/driver-adapter-utils' */

/** @type {Pick<SqlDriverAdapter, 'provider' | 'adapterName'>} */
const IDENTITY = { provider: 'postgres', adapterName: '@prisma/adapter-pg' };
/** @type {SqlResultSet} */
const NO_ROWS = { columnNames: [], columnTypes: [], rows: [] };
/**
 * The only query that the engine makes before it compares two schemas without a database.
 * @type {SqlResultSet}
 */
const VERSION = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [5, 7, 0],
  rows: [[true, 'PostgreSQL 15.0', 150000]],
};

/** @type {SqlDriverAdapter} */
const connection = {
  ...IDENTITY,
  queryRaw: async ({ sql }) => (sql.includes('numeric_version') ? VERSION : NO_ROWS),
  executeRaw: async () => 0,
  executeScript: async () => undefined,
  dispose: async () => undefined,
  startTransaction: async () => {
    throw new Error('There is no database in this comparison.');
  },
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
};

/** Comparing two schema files needs no database, but the WebAssembly engine requires one and gets this. */
export const offlineAdapter = () =>
  bindMigrationAwareSqlAdapterFactory({
    ...IDENTITY,
    connect: async () => connection,
    connectToShadowDb: async () => connection,
  });
