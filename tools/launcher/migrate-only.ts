// `npm run migrate`: applies what is pending and exits. Without DATABASE_URL that is the embedded database, which is
// started for it and stopped again.
import { startEngines } from '../engines/engines.js';
import { checkDatabase } from './check-connections.js';
import { DATABASE } from './connect.js';
import { readEnvironment } from './environment.js';
import { migrate } from './migrate.js';

export async function migrateOnly(root: string, dataDir: string, say: (line: string) => void): Promise<void> {
  const { directDatabaseUrl: databaseUrl } = readEnvironment(process.env);
  if (databaseUrl) {
    await checkDatabase(databaseUrl);
    return migrateAndTell(root, databaseUrl, say);
  }
  const engines = await startEngines({ root, dataDir, postgres: true });
  try {
    await migrateAndTell(root, engines.postgres?.url(DATABASE) ?? '', say);
  } finally {
    await engines.stop();
  }
}

async function migrateAndTell(root: string, databaseUrl: string, say: (line: string) => void): Promise<void> {
  await migrate(root, databaseUrl, say);
  say('The database is up to date.');
}
