import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a server as a power cut does. */
export async function killServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
