// The migrations check of `npm run check`: landed migrations stay as they are, and new ones neither block nor break a database
// that the version before uses (CONTRIBUTING.md, "Write a migration").
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CliResult } from '../launcher/migrate.js';

/** A line of it is one of `sha256sum`: `sha256sum -c prisma/migrations.sha256` checks it, too. */
const SUMS = 'prisma/migrations.sha256';
const FOLDER = 'prisma/migrations';

/** Held to no rule but that they stay: they landed when there was none, for databases that were empty or small. */
const OLDER_THAN_RULES = new Set([
  '20261121023804_init',
  '20261121053000_feedback_and_calls',
  '20261121090000_policy_state',
  '20261121091000_model_usage',
  '20261121093000_admission',
  '20261121093100_cached_responses',
  '20261129120000_item_times',
  '20261129140000_auth',
  '20261129141000_quotas',
  '20261129142000_attachments',
  '20261129143000_provider_keys',
  '20261129144000_audit',
  '20261129147000_erasures',
]);

/**
 * Postgres runs such a statement outside of transactions only, so it is alone in its file, and cannot be preceded by a SET. `IF NOT
 * EXISTS` would pass over the invalid index that a failed try leaves.
 */
const CONCURRENTLY = /\b(?:CREATE(?: UNIQUE)?|DROP) INDEX CONCURRENTLY\b/i;
const WITHOUT_SET = 'require-lock-timeout,require-statement-timeout,prefer-robust-stmts';

interface Migration {
  readonly name: string;
  /** From the root of the project. */
  readonly path: string;
  readonly sql: string;
}

/** Passes with no output; otherwise says of each migration what is wrong, and what to do. */
export function checkMigrations(root: string): CliResult {
  const migrations = readMigrations(root);
  const fresh = migrations.filter(({ name }) => !OLDER_THAN_RULES.has(name));
  const problems = [
    ...changedSinceLanded(root, migrations),
    ...fresh.flatMap((migration) => notAlone(migration)),
    ...lint(root, fresh),
  ];
  return { code: problems.length === 0 ? 0 : 1, output: problems.join('\n') };
}

function readMigrations(root: string): Migration[] {
  return readdirSync(join(root, FOLDER), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, path: `${FOLDER}/${name}/migration.sql` }))
    .map(({ name, path }) => ({ name, path, sql: readFileSync(join(root, path), 'utf8') }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** A database has applied the text that was released; a changed one would leave it with another schema than a new database. */
function changedSinceLanded(root: string, migrations: readonly Migration[]): string[] {
  const landed = readSums(root);
  const problems = migrations.flatMap(({ path, sql }) => {
    const sum = landed.get(path);
    landed.delete(path);
    if (sum === undefined) return [`${path} is not in ${SUMS}. When it is final: sha256sum ${path} >> ${SUMS}`];
    const isSame = sum === createHash('sha256').update(sql).digest('hex');
    return isSame ? [] : [`${path} has changed since it landed. Restore it, and write another migration.`];
  });
  return [...problems, ...[...landed.keys()].map((path) => `${path} has landed and is gone. Restore it.`)];
}

function readSums(root: string): Map<string, string> {
  const file = join(root, SUMS);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return new Map(lines.map((line) => line.split('  ') as [string, string]).map(([sum, path]) => [path, sum]));
}

function notAlone({ path, sql }: Migration): string[] {
  const count = statementsIn(sql).length;
  if (!CONCURRENTLY.test(sql) || count === 1) return [];
  return [
    `${path} has a CONCURRENTLY among ${count} statements: it must be alone in a migration, or Postgres refuses it.`,
  ];
}

/** For migrations that build an index: no quoted text of theirs has a semicolon. */
const statementsIn = (sql: string): string[] =>
  sql
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .filter((statement) => statement.trim() !== '');

function lint(root: string, migrations: readonly Migration[]): string[] {
  const [concurrent, others] = [true, false].map((is) => migrations.filter(({ sql }) => CONCURRENTLY.test(sql) === is));
  return [...squawk(root, concurrent ?? [], ['--exclude', WITHOUT_SET]), ...squawk(root, others ?? [])];
}

function squawk(root: string, migrations: readonly Migration[], options: readonly string[] = []): string[] {
  if (migrations.length === 0) return [];
  const bin = createRequire(import.meta.url).resolve('squawk-cli/js/bin/squawk');
  const paths = migrations.map(({ path }) => path);
  const args = [bin, '--config', join(root, '.squawk.toml'), ...options, ...paths];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [stdout + stderr];
}
