// `npm run keys`: runs the API's command with a database: the configured one, the embedded one of a launcher that is
// running, or the embedded one, started for it and stopped again.
import { startEngines } from '../engines/engines.js';
import { DATABASE } from './connect.js';
import { readEnvironment } from './environment.js';
import { migrate } from './migrate.js';
import { runCommand } from './run-command.js';
import { runningDatabase } from './running-database.js';

interface KeysOptions {
  readonly root: string;
  readonly dataDir: string;
  readonly args: readonly string[];
  readonly lock: () => Promise<{ release: () => void }>;
}

/** Resolves with the command's exit code. */
export async function runKeys(options: KeysOptions): Promise<number> {
  const { directDatabaseUrl: databaseUrl } = readEnvironment(process.env);
  const known = databaseUrl ?? (await runningDatabase(options));
  return known ? runKeysCommand(options, known) : withOwnDatabase(options);
}

async function withOwnDatabase(options: KeysOptions): Promise<number> {
  const { root, dataDir } = options;
  const lock = await options.lock();
  const engines = await startEngines({ root, dataDir, postgres: true });
  try {
    const url = engines.postgres?.url(DATABASE) ?? '';
    await migrate(root, url, () => undefined);
    return await runKeysCommand(options, url);
  } finally {
    await engines.stop();
    lock.release();
  }
}

const runKeysCommand = ({ root, args }: KeysOptions, databaseUrl: string): Promise<number> =>
  runCommand({ root, file: 'apps/api/src/keys-command.js', args }, databaseUrl);
