import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalTo } from '../engines/wait.js';
import { CONFIG_ERROR } from './check-config.js';

const QUICK_MS = 10_000;
const QUICK_DEATHS = 5;
const BACKOFF_MS = [200, 500, 1_000, 2_000, 5_000];
const GRACE_MS = 10_000;

export interface AppPlan {
  /** Display name: "API", "worker". */
  name: string;
  script: string;
  env: NodeJS.ProcessEnv;
}

export interface AppEvents {
  started: (pid: number) => void;
  /** The app's own `ready` message, whose fields are not checked here. */
  ready: (message: Record<string, unknown>) => void;
  /** It stops, and waits for something. */
  stopping: (waitsFor: string, until: Date) => void;
  /** It will not be started again. */
  failed: (message: string, exitCode: number) => void;
  say: (line: string) => void;
}

/** One app under supervision: started again when it dies, until it is stopped or dies too often. */
export class App {
  #child: ChildProcess | undefined;
  #stopping = false;
  #quickDeaths = 0;
  #ended: Promise<void> = Promise.resolve();
  #hurry = new AbortController();
  /** When one that stops is killed. */
  #deadline = 0;

  constructor(
    private readonly plan: AppPlan,
    private readonly events: AppEvents,
  ) {}

  /** In a process group of its own: Ctrl-C reaches only the launcher, which stops the apps in order. */
  start(): void {
    const { script, env } = this.plan;
    const child = fork(script, [], {
      env,
      detached: true,
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const startedAt = Date.now();
    this.#child = child;
    if (child.pid) this.events.started(child.pid);
    child.on('message', (message) => {
      if (isOf('ready', message)) this.events.ready(message);
      if (isOf('stopping', message)) this.#waits(String(message.waitsFor), new Date(String(message.until)));
    });
    // A child that cannot even be spawned reports an error and no exit.
    this.#ended = new Promise((resolve) => {
      const ended = (how: string, code?: number | null): void => {
        resolve();
        if (this.#child === child) this.#died(how, code, Date.now() - startedAt);
      };
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`, code));
      child.once('error', (error) => child.pid || ended(error.message));
    });
  }

  /** The launcher is stopping: from now on an exit is expected. */
  letDie(): void {
    this.#stopping = true;
  }

  /** SIGTERM, a grace period, SIGKILL. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#end();
  }

  /** For a new build. */
  async restart(): Promise<void> {
    const child = this.#child;
    this.#child = undefined; // this exit is not a crash
    this.#quickDeaths = 0;
    await this.#end(child);
    if (!this.#stopping) this.start();
  }

  /** The second Ctrl-C. */
  hurry(): void {
    this.#hurry.abort();
  }

  async #end(child = this.#child): Promise<void> {
    if (!child?.pid) return;
    const { pid } = child;
    const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
    if (!isRunning()) return;
    signalTo(pid, 'SIGTERM');
    this.#deadline = Date.now() + GRACE_MS;
    while (isRunning() && Date.now() < this.#deadline && !this.#hurry.signal.aborted)
      await this.#endedWithin(this.#deadline - Date.now());
    if (!isRunning()) return;
    signalTo(pid, 'SIGKILL');
    await this.#ended;
  }

  #waits(waitsFor: string, until: Date): void {
    // It still has to close everything then.
    this.#deadline = until.getTime() + GRACE_MS;
    this.events.stopping(waitsFor, until);
  }

  async #endedWithin(graceMs: number): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#hurry.signal]);
    // Aborted: it has ended, or there is no time left for grace.
    await Promise.race([this.#ended, sleep(graceMs, undefined, { signal }).catch(() => undefined)]);
    over.abort();
  }

  #died(how: string, code: number | null | undefined, livedMs: number): void {
    this.#child = undefined;
    if (this.#stopping) return;
    const { name } = this.plan;
    if (code === CONFIG_ERROR)
      return this.events.failed(`The ${name} does not start with this configuration (see above).`, CONFIG_ERROR);
    this.#quickDeaths = livedMs < QUICK_MS ? this.#quickDeaths + 1 : 0;
    if (this.#quickDeaths >= QUICK_DEATHS) {
      return this.events.failed(
        `The ${name} ended ${QUICK_DEATHS} times in a row soon after its start (${how}): giving up. Its last output is above.`,
        1,
      );
    }
    const delay = BACKOFF_MS[this.#quickDeaths] ?? 0;
    this.events.say(`The ${name} ended unexpectedly (${how}). Starting it again …`);
    setTimeout(() => this.#stopping || this.#child || this.start(), delay);
  }
}

const isOf = (type: string, message: unknown): message is Record<string, unknown> =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === type;
