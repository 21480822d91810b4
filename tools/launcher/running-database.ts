import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUPERUSER } from '../engines/postgres-cluster.js';
import { findEngine } from '../engines/postgres-package.js';
import { choosePlace, clusterOf } from '../engines/postgres-place.js';
import { checkDatabase } from './check-connections.js';
import { DATABASE } from './connect.js';

interface Place {
  readonly root: string;
  readonly dataDir: string;
}

/** The embedded database, if a launcher has it running: its port is in the fourth line of Postgres' own file. */
export async function runningDatabase({ root, dataDir }: Place): Promise<string | undefined> {
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
