import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../check.js';
import { fail, type Finding, ok, warn } from '../finding.js';
import type { Installation } from '../installation.js';
import { withPostgres } from '../engines/with-postgres.js';

interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

const APPLIED = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`;
/** Postgres' code for a table that does not exist. */
const NO_TABLE = '42P01';
const MIGRATE = 'Run npm run migrate.';

export const migrations: Check<Installation> = {
  name: 'migrations',
  run: (installation) =>
    withPostgres(installation, async (client) => {
      const applied = await client.query<Applied>(APPLIED).then(
        ({ rows }) => rows,
        (error: { code?: string }) => {
          if (error.code === NO_TABLE) return undefined;
          throw error;
        },
      );
      if (!applied) return [fail('The database is empty: no migration has been applied.', MIGRATE)];
      return compare(migrationsIn(installation.root), applied);
    }),
};

/** The checksum of each migration of this version, by its name. */
function migrationsIn(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'prisma/migrations');
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(names.map(({ name }) => [name, sha256(join(folder, name, 'migration.sql'))]));
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function compare(ours: ReadonlyMap<string, string>, applied: readonly Applied[]): Finding[] {
  const done = applied.filter(({ finished }) => finished);
  const names = new Set(applied.map(({ name }) => name));
  const failed = applied.filter(({ finished }) => !finished).map(({ name }) => name);
  const missing = [...ours.keys()].filter((name) => !names.has(name));
  const edited = done.filter(({ name, checksum }) => ours.has(name) && ours.get(name) !== checksum);
  const newer = done.filter(({ name }) => !ours.has(name));
  const findings: Finding[] = [
    ...listed(failed, (list) =>
      fail(
        `did not finish: ${list}`,
        'Find the reason in the log of the migration, undo what it left, then run: npx prisma migrate resolve --rolled-back <name>, and npm run migrate.',
      ),
    ),
    ...listed(missing, (list) => fail(`not applied: ${list}`, MIGRATE)),
    ...listed(namesOf(edited), (list) =>
      warn(
        `applied from a file that differs from this version's: ${list}`,
        'Use the version of the product that applied it, or restore its files: applied migrations never change.',
      ),
    ),
    ...listed(namesOf(newer), (list) =>
      warn(
        `applied, but unknown to this version: ${list}`,
        'Update this installation: a newer version uses the database.',
      ),
    ),
  ];
  return findings.length > 0 ? findings : [ok(`all ${ours.size} applied`)];
}

const namesOf = (rows: readonly Applied[]): string[] => rows.map(({ name }) => name);

const listed = (names: readonly string[], say: (list: string) => Finding): Finding[] =>
  names.length > 0 ? [say(names.join(', '))] : [];
