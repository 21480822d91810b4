import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const READY_WITHIN_MS = 30_000;
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
}

/** A process of the bench, which talks by IPC. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    readonly pid: number,
    private readonly ready: Readonly<Record<string, unknown>>,
    private readonly log: string,
  ) {}

  /** Resolves when the child has said that it is ready. */
  static async start({ name, script, args = [], env, logs, profile }: ChildInit): Promise<Child> {
    const log = join(logs, `${name}.log`);
    const output = openSync(log, 'w');
    const execArgv = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`] : [];
    const child = fork(script, args, { env: env ?? process.env, execArgv, stdio: ['ignore', output, output, 'ipc'] });
    closeSync(output);
    const ready = await answerOf<Record<string, unknown>>(child, log, READY_WITHIN_MS);
    return new Child(child, child.pid ?? 0, ready, log);
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
