import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

/** Types of the system catalogues that the adapter refuses, as what it is told instead, and what the engine expects. */
const INTERNAL = new Map([
  [18, { shownAs: 1042, columnType: ColumnTypeEnum.Character }], // "char"
  [1002, { shownAs: 1009, columnType: ColumnTypeEnum.CharacterArray }], // "char"[]
]);

/** Lets a connection (and its transactions) read Postgres' internal `"char"`, which introspection asks for. */
export function withInternalTypes(connection) {
  const mended = new WeakMap();
  const { performIO, queryRaw, startTransaction } = connection;
  connection.performIO = async function (query) {
    const result = await performIO.call(this, query);
    mended.set(query, (result.fields ?? []).map(present));
    return result;
  };
  connection.queryRaw = async function (query) {
    const result = await queryRaw.call(this, query);
    const columnTypes = mended.get(query) ?? [];
    return { ...result, columnTypes: result.columnTypes.map((type, index) => columnTypes[index] ?? type) };
  };
  if (startTransaction) {
    connection.startTransaction = async function (...args) {
      return withInternalTypes(await startTransaction.apply(this, args));
    };
  }
  return connection;
}

function present(field) {
  const internal = INTERNAL.get(field.dataTypeID);
  if (internal) field.dataTypeID = internal.shownAs;
  return internal?.columnType;
}
