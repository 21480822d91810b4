import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 5_000;

export interface VitestRun {
  root: string;
  filters: string[];
  /** Where the JSON report goes. */
  report: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Runs vitest in a process group of its own, so that an abort ends its workers too. Returns its exit code. */
export async function runVitest({ root, filters, report, env, signal }: VitestRun): Promise<number> {
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters];
  const child = spawn(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  const abort = (): void => void endGroup(child.pid, exited);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const [code] = (await exited) as [number | null];
  return code ?? 1;
}

async function endGroup(pid: number | undefined, exited: Promise<unknown>): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  await Promise.race([exited, sleep(GRACE_MS, undefined, { ref: false })]);
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
