import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

/** System catalogue types that the adapter refuses: the type to show it instead, and the one that the engine expects. */
const INTERNAL = new Map([
  [18, { shownAs: 1042, columnType: ColumnTypeEnum.Character }], // "char"
  [1002, { shownAs: 1009, columnType: ColumnTypeEnum.CharacterArray }], // "char"[]
]);

/** Lets a connection (and its transactions) read Postgres' internal `"char"`, which introspection asks for. */
export function withInternalTypes(connection) {
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
  return connection;
}

function present(field) {
  const internal = INTERNAL.get(field.dataTypeID);
  if (internal) field.dataTypeID = internal.shownAs;
  return internal?.columnType;
}
