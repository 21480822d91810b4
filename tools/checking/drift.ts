// The schema drift check of `npm run check`: do the migrations create exactly what the schema describes?
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngines } from '../engines/engines.js';
import { type CliResult, prisma } from '../launcher/migrate.js';

const DIFF = [
  'migrate',
  'diff',
  '--from-migrations',
  'prisma/migrations',
  '--to-schema',
  'prisma/schema.prisma',
  '--exit-code',
];

/** The text is required: when the engine dies without an answer, the CLI still exits with code 0. */
const NO_DRIFT = 'No difference detected';

/** Passes only when the CLI prints {@link NO_DRIFT}; a difference is in the output. */
export async function checkDrift(root: string): Promise<CliResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'chatkit-relay-check-'));
  chmodSync(scratch, 0o711); // started by root, Postgres runs as another user, who must be able to enter
  try {
    const engines = await startEngines({ root, dataDir: join(scratch, 'engines'), postgres: true, throwAway: true });
    try {
      const { code, output } = await prisma(root, DIFF, engines.postgres?.url('postgres') ?? '');
      return { code: code === 0 && !output.includes(NO_DRIFT) ? 1 : code, output };
    } finally {
      await engines.stop();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
