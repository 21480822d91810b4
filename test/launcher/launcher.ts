import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../tools/engines/free-port.js';

const READY_MS = 60_000;
const END_MS = 45_000;

export interface LauncherOptions {
  env?: NodeJS.ProcessEnv;
  args?: string[];
  script?: string;
  as?: { uid: number; gid: number };
  /** Servers that the machine offers, by their folder; without it none is on PATH. */
  pathBefore?: string;
  /** As npm starts it: in a shell, to which it passes signals. */
  inShell?: boolean;
}

/** A launcher as a terminal would start it: a process group of its own, to which Ctrl-C goes. */
export class Launcher {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = '';

  private constructor(
    readonly project: string,
    port: number,
    { env, args = [], script = 'tools/start.mjs', as, pathBefore, inShell }: LauncherOptions,
  ) {
    this.port = port;
    const [command, given] = inShell
      ? ['/bin/sh', ['-c', `'${process.execPath}' ${script}; exit $?`]]
      : [process.execPath, [script, ...args]];
    this.#child = spawn(command, given, {
      cwd: project,
      env: {
        ...plainEnvironment(pathBefore),
        PORT: String(port),
        ...(inShell && { npm_lifecycle_event: 'start' }),
        ...env,
      },
      ...as,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk) => (this.#output += chunk));
    this.#exited = once(this.#child, 'exit');
  }

  static async start(project: string, options: LauncherOptions = {}): Promise<Launcher> {
    const launcher = new Launcher(project, await freePort(), options);
    running.add(launcher);
    return launcher;
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async ready(): Promise<this> {
    await this.says('is ready at');
    return this;
  }

  /** Waits for a text; fails early, with the whole output, when the launcher ends without it. */
  async says(text: string | RegExp, forMs = READY_MS): Promise<void> {
    const said = (): boolean => (typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output));
    await until(() => said() || this.ended, forMs);
    if (!said()) throw new Error(`The launcher did not say ${text}${this.ended ? ' and ended' : ''}:\n${this.#output}`);
  }

  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** The exit code; an end that does not come is an error that shows what was said. */
  async exitCode(forMs = END_MS): Promise<number | null> {
    await Promise.race([this.#exited, sleep(forMs, undefined, { ref: false })]);
    if (!this.ended) throw new Error(`The launcher did not end:\n${this.#output}`);
    return this.#child.exitCode;
  }

  async stop(): Promise<number | null> {
    if (!this.ended) this.pressCtrlC();
    return this.exitCode();
  }

  /** What the stub API sees. */
  async apiEnvironment(): Promise<NodeJS.ProcessEnv> {
    const response = await fetch(`http://127.0.0.1:${this.port}`);
    return ((await response.json()) as { env: NodeJS.ProcessEnv }).env;
  }

  /** Pids that the launcher wrote down: the keeper of the engines, API, worker. */
  children(): { name: string; pid: number }[] {
    const state: unknown = JSON.parse(readFileSync(join(this.project, '.data', 'launcher.json'), 'utf8'));
    return (state as { children: { name: string; pid: number }[] }).children;
  }

  childPid(name: string): number {
    return this.children().find((child) => child.name === name)?.pid ?? 0;
  }

  postmasterPid(): number {
    return Number(readFileSync(join(this.project, '.data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
}

const running = new Set<Launcher>();

/** For afterEach: a test that failed half-way leaves no launcher. */
export async function stopAllLaunchers(): Promise<void> {
  const all = [...running];
  running.clear();
  await Promise.all(all.map((launcher) => launcher.stop()));
}

export async function until(condition: () => boolean | Promise<boolean>, forMs = 30_000): Promise<boolean> {
  for (const end = Date.now() + forMs; Date.now() < end; await sleep(50)) if (await condition()) return true;
  return false;
}

/** A zombie counts as gone: nobody has asked for its exit code yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export const allGone = (pids: number[], forMs?: number): Promise<boolean> => until(() => !pids.some(isAlive), forMs);

/** No engine is configured, none is on PATH, and the network is out of reach: starting needs none of it. */
function plainEnvironment(pathBefore?: string): NodeJS.ProcessEnv {
  const { HOME, LANG, TEST_RUN } = process.env;
  const PATH = [pathBefore, ...BASE_PATH].filter(Boolean).join(delimiter);
  return { HOME, LANG, TEST_RUN, PATH, npm_config_registry: 'http://127.0.0.1:9/' };
}

/** Without the folders where a server that was installed for everybody would stand. */
const BASE_PATH = ['/bin-of-nobody'];
