import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Variables } from './processes.js';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  readonly ended: Promise<CommandResult>;
}

const PASSED_ON = ['PATH', 'HOME', 'TZ', 'LANG'];

/** Starts `dist/<file>` with exactly these variables; its standard input is a pipe that stays open. */
export function startCommand(file: string, args: readonly string[], variables: Variables = {}): RunningCommand {
  const entry = fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
  return watched(spawn(process.execPath, [entry, ...args], { env: environment(variables), stdio: 'pipe' }));
}

export const environment = (variables: Variables): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
  ...variables,
});

export function watched(child: ChildProcess): RunningCommand {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
  return { child, ended, output: () => stdout };
}
