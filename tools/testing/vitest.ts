import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addFailure, noTotals, type Totals } from './totals.js';

const GRACE_MS = 5_000;

export interface VitestRun {
  root: string;
  filters: string[];
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Runs vitest in a process group of its own, so that an abort ends its workers too. What it counted comes from the reporter. */
export async function runVitest({ root, filters, env, signal }: VitestRun): Promise<Totals> {
  const reporters = ['--reporter=default', `--reporter=${join(root, 'dist/tools/testing/reporter.js')}`];
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...filters];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let totals: Totals | undefined;
  child.once('message', (message) => (totals = message as Totals));
  // The last message may come after `exit`, and never after `close`.
  const closed = once(child, 'close');
  const abort = (): void => void endGroup(child.pid, closed);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const [code] = (await closed) as [number | null];
  return checked(totals, code);
}

/** A run without a report crashed; one that fails without a failure has printed why. */
function checked(totals: Totals | undefined, code: number | null): Totals {
  const checkedTotals = totals ?? noTotals();
  if (!totals) addFailure(checkedTotals, `vitest reported no totals (exit code ${code}): it crashed or was killed.`);
  // No tests found has its own exit code and is not a test failure.
  else if (code !== 0 && totals.failed === 0 && totals.passed > 0)
    addFailure(totals, `vitest ended with code ${code} although no test failed (see above).`);
  return checkedTotals;
}

async function endGroup(pid: number | undefined, closed: Promise<unknown>): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
