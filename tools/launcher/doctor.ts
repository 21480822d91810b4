// `npm run doctor`: examines the configured database, or the embedded one if a launcher has it running.
import { readEnvironment } from './environment.js';
import { runCommand } from './run-command.js';
import { runningDatabase } from './running-database.js';

interface DoctorOptions {
  readonly root: string;
  readonly dataDir: string;
  readonly args: readonly string[];
}

/** Resolves with the command's exit code. */
export async function runDoctor({ root, dataDir, args }: DoctorOptions): Promise<number> {
  const { databaseUrl } = readEnvironment(process.env);
  const known = databaseUrl ?? (await runningDatabase({ root, dataDir }));
  return runCommand({ root, file: 'apps/doctor/src/main.js', args }, known);
}
