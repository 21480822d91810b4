import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Command {
  readonly root: string;
  /** The compiled file, below `dist`. */
  readonly file: string;
  readonly args: readonly string[];
}

/** Runs a command of the product on a database; resolves with its exit code. */
export async function runCommand({ root, file, args }: Command, databaseUrl: string | undefined): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'dist', file), ...args], {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL: databaseUrl ?? '' },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
