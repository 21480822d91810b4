import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMigrations } from './migrations.js';

const ROOT = join(import.meta.dirname, '../..');
const LANDED = '20261121023804_init';
const TIMEOUTS = "SET lock_timeout = '5s';\nSET statement_timeout = '60s';\n";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  copyFileSync(join(ROOT, '.squawk.toml'), join(folder, '.squawk.toml'));
  write(LANDED, 'CREATE TABLE runs (id TEXT PRIMARY KEY);');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (name: string): string => `prisma/migrations/${name}/migration.sql`;

/** Writes a migration, and its sum as of now beside the others. */
function write(name: string, sql: string): void {
  mkdirSync(join(folder, 'prisma/migrations', name), { recursive: true });
  writeFileSync(join(folder, pathOf(name)), sql);
  const sum = createHash('sha256').update(sql).digest('hex');
  writeFileSync(join(folder, 'prisma/migrations.sha256'), `${sum}  ${pathOf(name)}\n`, { flag: 'a' });
}

it('the migrations of the project are fine', () => {
  expect(checkMigrations(ROOT)).toEqual({ code: 0, output: '' });
});

describe('a migration that the version before can live with passes', () => {
  it.each([
    ['a column', `${TIMEOUTS}ALTER TABLE "runs" ADD COLUMN "place" TEXT;`],
    ['a column with a default', `${TIMEOUTS}ALTER TABLE "runs" ADD COLUMN "place" TEXT NOT NULL DEFAULT '';`],
    ['a table with an index', `${TIMEOUTS}CREATE TABLE "a" ("b" TEXT NOT NULL);\nCREATE INDEX "a_b" ON "a" ("b");`],
    ['an index', 'CREATE INDEX CONCURRENTLY "runs_place" ON "runs" ("place");'],
    [
      'what its author has looked at',
      `${TIMEOUTS}-- Not used since 0.4.0.\n-- squawk-ignore ban-drop-column\nALTER TABLE "runs" DROP COLUMN "place";`,
    ],
  ])('%s', (_, sql) => {
    write('20261201100000_next', sql);
    expect(checkMigrations(folder)).toEqual({ code: 0, output: '' });
  });
});

describe('a migration that blocks or breaks is refused with words', () => {
  it.each([
    [
      'an index that locks writers out',
      `${TIMEOUTS}CREATE INDEX "a" ON "runs" ("b");`,
      'require-concurrent-index-creation',
    ],
    [
      'a type that rewrites the table',
      `${TIMEOUTS}ALTER TABLE "runs" ALTER COLUMN "a" TYPE TEXT;`,
      'changing-column-type',
    ],
    ['a required column', `${TIMEOUTS}ALTER TABLE "runs" ADD COLUMN "a" TEXT NOT NULL;`, 'adding-required-field'],
    [
      'a column that becomes required',
      `${TIMEOUTS}ALTER TABLE "runs" ALTER COLUMN "a" SET NOT NULL;`,
      'adding-not-nullable-field',
    ],
    [
      'a check of all rows',
      `${TIMEOUTS}ALTER TABLE "runs" ADD CONSTRAINT "c" CHECK (a > 0);`,
      'constraint-missing-not-valid',
    ],
    ['a lock without a limit', 'ALTER TABLE "runs" ADD COLUMN "a" TEXT;', 'require-lock-timeout'],
    ['a column that goes', `${TIMEOUTS}ALTER TABLE "runs" DROP COLUMN "a";`, 'ban-drop-column'],
    ['a table that goes', `${TIMEOUTS}DROP TABLE "runs";`, 'ban-drop-table'],
    ['a new name of a column', `${TIMEOUTS}ALTER TABLE "runs" RENAME COLUMN "a" TO "b";`, 'renaming-column'],
    ['a new name of a table', `${TIMEOUTS}ALTER TABLE "runs" RENAME TO "turns";`, 'renaming-table'],
    [
      'company for CONCURRENTLY',
      'SELECT 1;\nCREATE INDEX CONCURRENTLY "a" ON "runs" ("b");',
      'must be alone in a migration',
    ],
  ])('%s', (_, sql, rule) => {
    write('20261201100000_next', sql);
    const { code, output } = checkMigrations(folder);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(rule) });
    expect(output).toContain(pathOf('20261201100000_next'));
  });
});

it.each(['20261130100000_next', '20261120100000_before_the_first'])(
  'the rules hold for %s, whatever its date',
  (name) => {
    write(name, 'ALTER TABLE "runs" ADD COLUMN "a" TEXT;');
    expect(checkMigrations(folder)).toMatchObject({ code: 1, output: expect.stringContaining('require-lock-timeout') });
  },
);

describe('what has landed stays', () => {
  it('refuses another text', () => {
    writeFileSync(join(folder, pathOf(LANDED)), 'CREATE TABLE runs (id TEXT);');
    expect(checkMigrations(folder).output).toBe(
      `${pathOf(LANDED)} has changed since it landed. Restore it, and write another migration.`,
    );
  });

  it('misses one that is gone', () => {
    rmSync(join(folder, 'prisma/migrations', LANDED), { recursive: true });
    expect(checkMigrations(folder).output).toBe(`${pathOf(LANDED)} has landed and is gone. Restore it.`);
  });

  it('tells how a new one is noted', () => {
    rmSync(join(folder, 'prisma/migrations.sha256'));
    expect(checkMigrations(folder).output).toContain(`sha256sum ${pathOf(LANDED)} >> prisma/migrations.sha256`);
  });
});
