// `npm run keys`: runs the API's command with a database: the configured one, the embedded one of a launcher that is
// running, or the embedded one, started for it and stopped again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngines } from '../engines/engines.js';
import { SUPERUSER } from '../engines/postgres-cluster.js';
import { findEngine } from '../engines/postgres-package.js';
import { choosePlace, clusterOf } from '../engines/postgres-place.js';
import { checkDatabase } from './check-connections.js';
import { DATABASE } from './connect.js';
import { readEnvironment } from './environment.js';
import { migrate } from './migrate.js';

interface KeysOptions {
  readonly root: string;
  readonly dataDir: string;
  readonly args: readonly string[];
  readonly lock: () => Promise<{ release: () => void }>;
}

/** Resolves with the command's exit code. */
export async function runKeys(options: KeysOptions): Promise<number> {
  const { databaseUrl } = readEnvironment(process.env);
  const known = databaseUrl ?? (await runningDatabase(options));
  return known ? runCommand(options, known) : withOwnDatabase(options);
}

async function withOwnDatabase(options: KeysOptions): Promise<number> {
  const { root, dataDir } = options;
  const lock = await options.lock();
  const engines = await startEngines({ root, dataDir, postgres: true });
  try {
    const url = engines.postgres?.url(DATABASE) ?? '';
    await migrate(root, url, () => undefined);
    return await runCommand(options, url);
  } finally {
    await engines.stop();
    lock.release();
  }
}

/** The embedded database, if a launcher has it running: its port is in the fourth line of Postgres' own file. */
async function runningDatabase({ root, dataDir }: KeysOptions): Promise<string | undefined> {
  try {
    const { folder } = choosePlace(dataDir, findEngine(root));
    const port = readFileSync(join(clusterOf(folder), 'postmaster.pid'), 'utf8').split('\n')[3];
    const password = readFileSync(join(folder, 'postgres.password'), 'utf8').trim();
    const url = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;
    await checkDatabase(url);
    return url;
  } catch {
    return undefined;
  }
}

async function runCommand({ root, args }: KeysOptions, databaseUrl: string): Promise<number> {
  const command = join(root, 'dist/apps/api/src/keys-command.js');
  const child = spawn(process.execPath, [command, ...args], {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
