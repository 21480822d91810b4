// `npm run compatibility`: writes down what this version uses of the database, for the versions after it, whose migrations must leave
// it usable (CONTRIBUTING.md, "Release"). test/runtime/compatibility.test.ts compares.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { startEngines } from '../engines/engines.js';
import { migrate } from '../launcher/migrate.js';
import { type DatabaseUse, readUse, type UsedStatement } from './database-use.js';

const SOURCES = ['libs/runtime/src', 'apps/api/src', 'apps/worker/src'];
const STATEMENTS = 'platform/statement.js';

/** Writes prisma/compat/<version>.json. @returns its path from the root of the project */
export async function writeCompatibility(root: string, say: (line: string) => void): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const statements = await builtStatements(root);
  const use = await withMigrated(root, say, (client) => readUse(client, statements));
  const path = `prisma/compat/${version}.json`;
  mkdirSync(join(root, 'prisma/compat'), { recursive: true });
  writeFileSync(join(root, path), `${JSON.stringify(use, undefined, 2)}\n`);
  return path;
}

const load = (path: string): Promise<object> => import(pathToFileURL(path).href) as Promise<object>;

/** All statements of the built product: its modules tell them when they are loaded. */
async function builtStatements(root: string): Promise<UsedStatement[]> {
  const dist = join(root, 'dist');
  for (const source of SOURCES) {
    const names = readdirSync(join(dist, source), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((one) => one.endsWith('.js'))) {
      const path = join(dist, source, name);
      if (readFileSync(path, 'utf8').includes(STATEMENTS)) await load(path);
    }
  }
  const module = await load(join(dist, 'libs/runtime/src', STATEMENTS));
  const { statements } = module as { statements: () => readonly UsedStatement[] };
  return statements()
    .map(({ label, text }) => ({ label, text }))
    .toSorted((one, other) => (one.label < other.label ? -1 : 1));
}

async function withMigrated(
  root: string,
  say: (line: string) => void,
  read: (client: pg.PoolClient) => Promise<DatabaseUse>,
): Promise<DatabaseUse> {
  const scratch = mkdtempSync(join(tmpdir(), 'chatkit-relay-compatibility-'));
  chmodSync(scratch, 0o711); // started by root, Postgres runs as another user, who must be able to enter
  try {
    const engines = await startEngines({ root, dataDir: join(scratch, 'engines'), postgres: true, throwAway: true });
    try {
      const url = engines.postgres?.url('postgres') ?? '';
      await migrate(root, url, say);
      const pool = new pg.Pool({ connectionString: url, max: 1 });
      const client = await pool.connect();
      try {
        return await read(client);
      } finally {
        client.release();
        await pool.end();
      }
    } finally {
      await engines.stop();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
