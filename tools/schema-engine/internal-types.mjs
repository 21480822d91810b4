import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

/** @import { ColumnType, IsolationLevel, SqlQuery, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils' */
/** @import { FieldDef } from 'pg' */

/**
 * What the types of `@prisma/adapter-pg` hide: the method that runs a statement is private, and transactions are typed
 * by their interface alone.
 * @typedef {object} Internals
 * @property {(query: SqlQuery) => Promise<{ fields?: FieldDef[] }>} performIO
 * @property {(isolationLevel?: IsolationLevel) => Promise<Transaction>} [startTransaction] a transaction has none
 */

/** System catalogue types that the adapter refuses: the type to show it instead, and the one that the engine expects. */
const INTERNAL = new Map([
  [18, { shownAs: 1042, columnType: ColumnTypeEnum.Character }], // "char"
  [1002, { shownAs: 1009, columnType: ColumnTypeEnum.CharacterArray }], // "char"[]
]);

/**
 * Lets a connection (and its transactions) read Postgres' internal `"char"`, which introspection asks for.
 * @template {SqlQueryable} T
 * @param {T} adapter
 */
export function withInternalTypes(adapter) {
  const connection = /** @type {T & Internals} */ (adapter);
  /** @type {WeakMap<SqlQuery, (ColumnType | undefined)[]>} */
  const columnTypesOf = new WeakMap();
  const { performIO, queryRaw, startTransaction } = connection;
  connection.performIO = async function (query) {
    const result = await performIO.call(this, query);
    columnTypesOf.set(query, (result.fields ?? []).map(present));
    return result;
  };
  connection.queryRaw = async function (query) {
    const result = await queryRaw.call(this, query);
    const columnTypes = columnTypesOf.get(query) ?? [];
    return { ...result, columnTypes: result.columnTypes.map((type, index) => columnTypes[index] ?? type) };
  };
  if (startTransaction) {
    connection.startTransaction = async function (...args) {
      return withInternalTypes(await startTransaction.apply(this, args));
    };
  }
  return adapter;
}

/** @param {FieldDef} field */
function present(field) {
  const internal = INTERNAL.get(field.dataTypeID);
  if (internal) field.dataTypeID = internal.shownAs;
  return internal?.columnType;
}
