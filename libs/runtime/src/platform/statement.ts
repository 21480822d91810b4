import pg, { type CustomTypesConfig, type QueryResult } from 'pg';
import type { Queryable } from './row-access.js';
import { toTimestamp } from './timestamp.js';

/** A column of a result: its Postgres type (`pg_type.typname`), and the value that the driver returns. */
export interface Column<Value> {
  readonly type: 'bool' | 'int4' | 'int8' | 'float8' | 'text' | '_text' | 'timestamptz' | 'json' | 'jsonb';
  /** `joined`: never null in its table, but an outer join may make it null. */
  readonly nullable: boolean | 'joined';
  /** A `timestamptz` that is returned as ISO 8601, with its microseconds. */
  readonly isExact?: boolean;
  /** Carries the type only. */
  readonly value?: Value;
}

const column = <Value>(type: Column<Value>['type']): Column<Value> => ({ type, nullable: false });

export const bool = (): Column<boolean> => column('bool');
export const int = (): Column<number> => column('int4');
/** A string: a JavaScript number is not precise enough. */
export const bigint = (): Column<string> => column('int8');
export const float = (): Column<number> => column('float8');
export const text = <Value extends string = string>(): Column<Value> => column('text');
export const texts = (): Column<string[]> => column('_text');
export const timestamp = (): Column<Date> => column('timestamptz');
/** ISO 8601 in UTC, with the microseconds that a `Date` has not. No other column of the statement may be a `timestamp`. */
export const instant = (): Column<string> => ({ ...column<string>('timestamptz'), isExact: true });
/** The caller asserts the type of the content. */
export const json = <Value>(): Column<Value> => column('json');
export const jsonb = <Value>(): Column<Value> => column('jsonb');
const typeOf = ({ type, isExact }: Column<unknown>): Pick<Column<unknown>, 'type' | 'isExact'> => ({
  type,
  ...(isExact && { isExact }),
});
export const nullable = <Value>(of: Column<Value>): Column<Value | null> => ({
  ...typeOf(of),
  nullable: true,
});
export const joined = <Value>(of: Column<Value>): Column<Value | null> => ({
  ...typeOf(of),
  nullable: 'joined',
});

export type Columns = Readonly<Record<string, Column<unknown>>>;
export type RowOf<Of extends Columns> = { [Name in keyof Of]: Of[Name] extends Column<infer Value> ? Value : never };

/** Makes `prepared` and `unprepared` the only ways to a statement, so that none escapes the comparison. */
declare const registered: unique symbol;

/** SQL and the columns of its rows: `test/runtime/statements.test.ts` compares both with the migrated database. */
export interface Statement<Row extends object = object> {
  readonly label: string;
  /** The name of the prepared statement; absent: planned anew each time. */
  readonly name: string | undefined;
  readonly text: string;
  /** Absent: its rows are not read, at most counted. */
  readonly columns: Columns | undefined;
  /** How the driver reads its values, where that differs. */
  readonly types: CustomTypesConfig | undefined;
  /** Carries the type only. */
  readonly row?: Row;
  /** Carries the type only. */
  readonly [registered]: true;
}

const all = new Map<string, Statement>();

/** All statements of the modules loaded so far. */
export const statements = (): readonly Statement[] => [...all.values()];

/** A plain number, as the driver's parsers are asked for. */
const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;

const EXACT: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === TIMESTAMPTZ ? toTimestamp : pg.types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
};

const typesOf = (columns: Columns = {}): CustomTypesConfig | undefined =>
  Object.values(columns).some(({ isExact }) => isExact) ? EXACT : undefined;

type Described<Row extends object> = Omit<Statement<Row>, typeof registered | 'types'>;

function register<Of extends Columns>(described: Described<RowOf<Of>>): Statement<RowOf<Of>> {
  const made = { ...described, types: typesOf(described.columns) };
  if (all.has(made.label)) throw new Error(`there are two statements ${made.label}`);
  const statement = made as Statement<RowOf<Of>>;
  all.set(made.label, statement);
  return statement;
}

/** A statement that each connection prepares once. */
export const prepared = <Of extends Columns = Record<never, never>>(
  label: string,
  sql: string,
  columns?: Of,
): Statement<RowOf<Of>> => register<Of>({ label, name: label, text: sql, columns });

/** A rare statement, not worth memory in every connection. */
export const unprepared = <Of extends Columns = Record<never, never>>(
  label: string,
  sql: string,
  columns?: Of,
): Statement<RowOf<Of>> => register<Of>({ label, name: undefined, text: sql, columns });

/** The only way to run SQL besides Prisma. */
export const query = <Row extends object>(
  db: Queryable,
  { name, text: sql, types }: Statement<Row>,
  values: unknown[] = [],
): Promise<QueryResult<Row>> => db.query<Row>({ name, text: sql, values, ...(types && { types }) });
