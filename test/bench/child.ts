import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

export interface ChildInit {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Folder for what it prints. */
  readonly logs: string;
  /** Folder for its CPU profile. */
  readonly profile?: string | undefined;
  readonly cwd?: string;
  /** A module that is loaded before the script. */
  readonly preload?: string | undefined;
}

/** A process of the bench, which talks by IPC. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    readonly pid: number,
    private readonly ready: Readonly<Record<string, unknown>>,
    private readonly log: string,
    /** From its start until it said that it was ready. */
    readonly readyMs: number,
  ) {}

  /** Resolves when the child has said that it is ready. */
  static async start(init: ChildInit): Promise<Child> {
    const { name, script, args = [], env = process.env, logs, cwd } = init;
    const log = join(logs, `${name}.log`);
    const output = openSync(log, 'w');
    const startedAt = performance.now();
    const child = fork(script, args, {
      env,
      cwd,
      execArgv: argumentsOf(init),
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    const ready = await answerOf<Record<string, unknown>>(child, log, READY_WITHIN_MS);
    return new Child(child, child.pid ?? 0, ready, log, performance.now() - startedAt);
  }

  get url(): string {
    return String(this.ready['url']);
  }

  async ask<Report>(order: object): Promise<Report> {
    const answer = answerOf<Report>(this.process, this.log);
    this.process.send(order);
    return answer;
  }

  async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.disconnect();
    await ended;
    clearTimeout(timer);
  }
}

const argumentsOf = ({ name, profile, preload }: ChildInit): string[] => [
  ...(preload ? ['--import', pathToFileURL(preload).href] : []),
  ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`] : []),
];

/** The child's next message. Rejects with what it has printed when it ends instead. */
async function answerOf<T>(child: ChildProcess, log: string, withinMs?: number): Promise<T> {
  const settled = new AbortController();
  const timer = withinMs && setTimeout(() => settled.abort(), withinMs);
  const { signal } = settled;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as T),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`A process of the bench ended (${code}). Its output:\n${readFileSync(log, 'utf8')}`);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    settled.abort();
  }
}
