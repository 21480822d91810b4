import { readdirSync, readFileSync } from 'node:fs';
import { signalTo, waitFor } from '../engines/wait.js';

const GRACE_MS = 15_000;

/**
 * Ends the processes that tests started and did not stop; returns their command lines. They carry the run's mark in
 * their environment. Only Linux shows that; elsewhere nothing is found.
 */
export async function endLeftBehind(run: string, interrupted: AbortSignal): Promise<string[]> {
  const allEnded = (): true | undefined => (marked(run).length === 0 ? true : undefined);
  // After the tests, processes that were asked to stop get time for it. After an interruption none were asked.
  if (interrupted.aborted) for (const { pid } of marked(run)) signalTo(pid, 'SIGTERM');
  await waitFor(allEnded, GRACE_MS);
  const left = marked(run);
  for (const { pid } of left) signalTo(pid, 'SIGKILL');
  return left.map(({ pid, command }) => `  ${pid} ${command}`);
}

interface Process {
  pid: number;
  command: string;
}

function marked(run: string): Process[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids
    .filter((pid) => read(pid, 'environ').split('\0').includes(`TEST_RUN=${run}`))
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ command }) => command !== ''); // a zombie has ended
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // ended meanwhile, or another user's: not one of ours
  }
}
