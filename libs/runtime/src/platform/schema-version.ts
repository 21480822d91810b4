import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Queryable } from './database.js';
import { packageRoot } from './package-root.js';
import { bool, query, text, unprepared } from './statement.js';

/** One that failed, or is being applied, has not finished. */
const BEGUN = unprepared(
  'migrations-begun',
  `SELECT migration_name::text AS name, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  { name: text(), finished: bool() },
);

/** Postgres' codes: no such table, in a database to which nothing was applied; and a table that this login may not read. */
const NO_TABLE = '42P01';
const FORBIDDEN = '42501';

/**
 * What this version of the product needs and the database does not have, in words; undefined when nothing is missing. Migrations that this
 * version does not know are no problem: a newer version has applied them, and its migrations leave what the previous one uses.
 */
export async function schemaProblem(db: Queryable): Promise<string | undefined> {
  const begun = await begunMigrations(db);
  if (!begun) return undefined;
  const missing = neededMigrations().filter((name) => !begun.get(name));
  if (missing.length === 0) return undefined;
  const unfinished = missing.find((name) => begun.has(name));
  if (unfinished !== undefined) return unfinishedProblem(unfinished);
  const lacks = missing.length === 1 ? 'one migration' : `${missing.length} migrations`;
  const what = begun.size === 0 ? 'is empty' : `lacks ${lacks} of this version`;
  return `The database ${what}: apply the migrations with "npm run migrate".`;
}

const unfinishedProblem = (name: string): string =>
  `The migration ${name} is being applied or has failed; the version before can go on. If it failed: "npm run migrate" says why, ` +
  `and when its cause is gone, "npx prisma migrate resolve --rolled-back ${name}" and "npm run migrate" apply it again. ` +
  `With compose: "docker compose run --rm migrate" says why, "docker compose run --rm migrate node ` +
  `node_modules/prisma/build/index.js migrate resolve --rolled-back ${name}" and "docker compose run --rm migrate" apply it ` +
  `again. With Helm: docs/deploy.md, "A migration that failed".`;

/** A process cannot even start on a database without tables. @throws Error in words */
export async function refuseEmpty(db: Queryable): Promise<void> {
  const begun = await begunMigrations(db);
  if (begun?.size === 0) throw new Error(await schemaProblem(db));
}

let needed: readonly string[] | undefined;

const neededMigrations = (): readonly string[] =>
  (needed ??= readdirSync(join(packageRoot(), 'prisma', 'migrations'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  ));

/** Each with whether it has finished. Undefined where that cannot be known. */
async function begunMigrations(db: Queryable): Promise<ReadonlyMap<string, boolean> | undefined> {
  try {
    const { rows } = await query(db, BEGUN);
    return new Map(rows.map(({ name, finished }) => [name, finished]));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === NO_TABLE) return new Map();
    if (error.code === FORBIDDEN) return undefined;
    throw error;
  }
}
