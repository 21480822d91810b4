import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Column, type Statement, statements } from '../../libs/runtime/src/platform/statement.js';
import { type DescribedColumn, describeStatement } from '../../tools/checking/describe-statement.js';
import { openWorld, type TestWorld } from './support/world.js';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['libs/runtime/src', 'apps/api/src', 'apps/worker/src'];

/** The code that sends SQL whose rows need no check: sessions, transactions, scopes, LISTEN; and what passes statements on. */
const SENDS_ITS_OWN = new Set([
  'libs/runtime/src/platform/caller-query.ts',
  'libs/runtime/src/platform/row-access.ts',
  'libs/runtime/src/platform/database.ts',
  'libs/runtime/src/platform/is-transaction-pooler.ts',
  'libs/runtime/src/platform/joined-statement.ts',
  'libs/runtime/src/platform/pooled-client.ts',
  'libs/runtime/src/platform/statement.ts',
  'libs/runtime/src/events/postgres/listener.ts',
]);

interface Source {
  readonly path: string;
  readonly text: string;
}

async function readSources(): Promise<Source[]> {
  const lists = SOURCES.map(async (source) => {
    const names = await readdir(join(ROOT, source), { recursive: true });
    return names.map((name) => `${source}/${name}`);
  });
  const paths = (await Promise.all(lists)).flat();
  const product = paths.filter((path) => path.endsWith('.ts') && !/\.test\.ts$|\/generated\//.test(path));
  return Promise.all(product.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })));
}

const sources = await readSources();
for (const { path, text } of sources) if (text.includes('platform/statement.js')) await import(join(ROOT, path));

/** A column as Postgres reports it, in the terms of a statement's own description. */
interface Actual {
  readonly type: string;
  /** Undefined for an expression: only its author knows. */
  readonly nullable: boolean | undefined;
}

let world: TestWorld;
let client: PoolClient;
const typeNames = new Map<number, string>();
const mayBeNull = new Map<string, boolean>();

beforeAll(async () => {
  world = await openWorld();
  client = await world.db.pool.connect();
  const types = await client.query<{ oid: number; typname: string }>('SELECT oid, typname FROM pg_type');
  for (const { oid, typname } of types.rows) typeNames.set(oid, typname);
  const columns = await client.query<{ table: number; column: number; nullable: boolean }>(
    `SELECT attrelid AS table, attnum AS column, NOT attnotnull AS nullable FROM pg_attribute WHERE attnum > 0`,
  );
  for (const { table, column, nullable } of columns.rows) mayBeNull.set(`${table} ${column}`, nullable);
});
afterAll(async () => {
  client.release();
  await world.close();
});

const actualOf = ({ dataTypeID, tableID, columnID }: DescribedColumn): Actual => ({
  type: typeNames.get(dataTypeID) ?? String(dataTypeID),
  nullable: mayBeNull.get(`${tableID} ${columnID}`),
});

/** `joined` is for a column that is never null in its table. */
const asBelieved = ({ type, nullable }: Column<unknown>, actual: Actual | undefined): Actual => ({
  type,
  nullable: actual?.nullable === undefined ? undefined : nullable === true,
});

async function compare({ text, columns }: Statement): Promise<[believed: object, actual: object]> {
  const described = await describeStatement(client, text);
  if (!columns) return [{}, {}];
  const actual = Object.fromEntries(described.map((column) => [column.name, actualOf(column)]));
  expect(Object.keys(actual)).toHaveLength(described.length);
  const believed = Object.entries(columns).map(([name, column]) => [name, asBelieved(column, actual[name])]);
  return [Object.fromEntries(believed), actual];
}

describe('the declared rows are those of the database', () => {
  it.each(statements().map((statement) => [statement.label, statement] as const))('%s', async (_, statement) => {
    const [believed, actual] = await compare(statement);
    expect(actual).toEqual(believed);
  });
});

describe('no statement escapes the comparison', () => {
  it('since all of them are defined as statements', () => {
    const senders = sources.filter(({ text }) => /\.query\b|\$(query|execute)Raw/.test(text));
    expect(senders.map(({ path }) => path).filter((path) => !SENDS_ITS_OWN.has(path))).toEqual([]);
  });

  it('and none is read as anything but its declared rows', () => {
    const typed = sources.filter(({ path, text }) => !SENDS_ITS_OWN.has(path) && /\bquery<|as Statement\b/.test(text));
    expect(typed.map(({ path }) => path)).toEqual([]);
  });

  it('and each is known', () => {
    expect(statements().length).toBeGreaterThan(75);
  });
});
