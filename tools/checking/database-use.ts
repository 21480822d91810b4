import type { PoolClient } from 'pg';
import { describeStatement } from './describe-statement.js';

export interface UsedStatement {
  readonly label: string;
  readonly text: string;
}

interface UsedColumn {
  readonly type: string;
  readonly isRequired: boolean;
}

type Types = Readonly<Record<string, string>>;

/** What a version of the product uses of a database. */
export interface DatabaseUse {
  /** Each table with its columns: Prisma reads and writes all that it knows. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, UsedColumn>>>>;
  /** Each statement with the types of the columns that it returns. */
  readonly statements: Readonly<Record<string, { readonly text: string; readonly returns: Types }>>;
}

interface ColumnRow extends UsedColumn {
  readonly table: string;
  readonly column: string;
}

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
         a.attnotnull AND a.atthasdef IS FALSE AND a.attidentity = '' AS "isRequired"
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname <> '_prisma_migrations'
  ORDER BY c.relname, a.attname`;

/** @throws the error of Postgres for a statement that this database does not understand */
export async function readUse(client: PoolClient, statements: readonly UsedStatement[]): Promise<DatabaseUse> {
  const tables: Record<string, Record<string, UsedColumn>> = {};
  const { rows } = await client.query<ColumnRow>(COLUMNS);
  for (const { table, column, type, isRequired } of rows) (tables[table] ??= {})[column] = { type, isRequired };
  const used: Record<string, { text: string; returns: Types }> = {};
  for (const { label, text } of statements) used[label] = { text, returns: await returnedBy(client, text) };
  return { tables, statements: used };
}

async function returnedBy(client: PoolClient, text: string): Promise<Types> {
  const columns = await describeStatement(client, text);
  const oids = columns.map(({ dataTypeID }) => dataTypeID);
  const { rows } = await client.query<{ oid: number; type: string }>(
    'SELECT oid, format_type(oid, NULL) AS type FROM pg_type WHERE oid = ANY($1::oid[])',
    [oids],
  );
  const types = new Map(rows.map(({ oid, type }) => [oid, type]));
  return Object.fromEntries(columns.map(({ name, dataTypeID }) => [name, types.get(dataTypeID) ?? '']));
}

/**
 * Why a version with `use` could not work with this database, one entry a reason; empty when it could. Tables and columns that it
 * does not know are fine, as long as its inserts need not name them.
 */
export async function brokenUses(client: PoolClient, use: DatabaseUse): Promise<string[]> {
  const { tables } = await readUse(client, []);
  return [...brokenTables(use.tables, tables), ...(await brokenStatements(client, use))];
}

function brokenTables(before: DatabaseUse['tables'], now: DatabaseUse['tables']): string[] {
  return Object.entries(before).flatMap(([table, columns]) => {
    const present = now[table];
    if (!present) return [`the table ${table} is gone`];
    const changed = Object.entries(columns).flatMap(([column, { type }]) => {
      const actual = present[column]?.type;
      if (actual === undefined) return [`the column ${table}.${column} is gone`];
      return actual === type ? [] : [`the column ${table}.${column} has become ${actual}, was ${type}`];
    });
    const demanded = Object.entries(present).flatMap(([column, { isRequired }]) =>
      isRequired && !columns[column]?.isRequired ? [`the column ${table}.${column} must now be named in inserts`] : [],
    );
    return [...changed, ...demanded];
  });
}

async function brokenStatements(client: PoolClient, { statements }: DatabaseUse): Promise<string[]> {
  const broken: string[] = [];
  for (const [label, { text, returns }] of Object.entries(statements)) {
    try {
      const now = await returnedBy(client, text);
      const isSame = JSON.stringify(now) === JSON.stringify(returns);
      if (!isSame) broken.push(`the statement ${label} returns ${JSON.stringify(now)}, was ${JSON.stringify(returns)}`);
    } catch (error) {
      broken.push(`the statement ${label} fails: ${(error as Error).message}`);
    }
  }
  return broken;
}
