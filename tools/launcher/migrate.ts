import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';
import { codeOf, LauncherError } from '../engines/launcher-error.js';

/** Nothing to read yet: the database, or the table in it, is not there. */
const NOTHING_APPLIED = new Set(['3D000', '42P01', '3F000']);

/** Applies what is pending. The Prisma CLI takes seconds, so it runs only when the folder and the database differ. */
export async function migrate(
  root: string,
  databaseUrl: string,
  say: (line: string) => void,
  onChild?: (pid: number) => void,
): Promise<void> {
  const pending = await pendingMigrations(root, databaseUrl);
  if (pending.length === 0) return;
  say(`Applying ${pending.length === 1 ? 'one migration' : `${pending.length} migrations`} …`);
  const { code, output } = await prisma(root, ['migrate', 'deploy'], databaseUrl, onChild);
  if (code !== 0)
    throw new LauncherError(`The database could not be migrated (prisma migrate deploy):\n${output.trim()}`);
}

async function pendingMigrations(root: string, databaseUrl: string): Promise<string[]> {
  const applied = await appliedMigrations(databaseUrl);
  const entries = readdirSync(join(root, 'prisma', 'migrations'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !applied.has(entry.name)).map(({ name }) => name);
}

async function appliedMigrations(databaseUrl: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    const schema = client.escapeIdentifier(new URL(databaseUrl).searchParams.get('schema') ?? 'public');
    const { rows } = await client.query<{ name: string }>(
      `SELECT migration_name AS name FROM ${schema}._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (NOTHING_APPLIED.has(codeOf(error) ?? '')) return new Set();
    throw error;
  } finally {
    await client.end();
  }
}

export interface CliResult {
  code: number;
  output: string;
}

/**
 * Runs the Prisma CLI of this project on one database. In a process group of its own: a Ctrl-C during a migration
 * would leave it marked as failed, and every later start would fail because of it.
 */
export function prisma(
  root: string,
  args: string[],
  databaseUrl: string,
  onChild?: (pid: number) => void,
): Promise<CliResult> {
  const cli = createRequire(join(root, 'package.json')).resolve('prisma/build/index.js');
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATABASE_DIRECT_URL: databaseUrl,
    // The check for updates would use the network.
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    // The engine script has a `#!/usr/bin/env node` line.
    PATH: [process.env.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid) onChild?.(child.pid);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
