import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Variables = Readonly<Record<string, string | undefined>>;

/** One process of the product, as it runs in production, with what it printed. */
export interface AppProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it reported when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  output(): string;
  /** Asks it to stop and waits until it has; SIGKILL after 15 s. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
/** Only these come from the test's own environment: a developer's keys must not reach a test. */
const PASSED_ON = ['PATH', 'HOME', 'TZ', 'LANG'];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts `dist/apps/<app>/src/main.js` with exactly these variables. Rejects with its output when it ends instead.
 *
 * @param root where another version of the product is
 */
export async function startApp(app: 'api' | 'worker', variables: Variables, root = ROOT): Promise<AppProcess> {
  const { child, output } = launch(app, variables, root);
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${app} was not ready in time:\n${output()}`));
    }, READY_WITHIN_MS);
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(message as Record<string, unknown>);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${app} ended with ${code} before it was ready:\n${output()}`));
    });
  });
  return { child, pid: child.pid ?? 0, ready, output, stop: () => stop(child), kill: (signal) => end(child, signal) };
}

/** Starts an app that is expected to end by itself. `raw`: what it printed; `output`: the same in words. */
export async function runApp(
  app: 'api' | 'worker',
  variables: Variables,
): Promise<{ code: number; output: string; raw: string }> {
  const { child, output } = launch(app, variables, ROOT);
  const [code] = (await once(child, 'close')) as [number];
  return { code, output: output().split('\n').map(inWords).join('\n'), raw: output() };
}

/** The last line of an app that cannot start, as a person at a terminal would read it. */
function inWords(line: string): string {
  if (!line.startsWith('{')) return line;
  const { msg, problems = [], err } = JSON.parse(line) as Record<string, unknown> & { problems?: string[] };
  return [msg, ...problems, ...(err ? [(err as Error).stack] : [])].join('\n');
}

function launch(
  app: 'api' | 'worker',
  variables: Variables,
  root: string,
): { child: ChildProcess; output: () => string } {
  const entry = join(root, `dist/apps/${app}/src/main.js`);
  const inherited = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
  const child = fork(entry, { env: { ...inherited, ...variables }, silent: true, execArgv: [] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await end(child, 'SIGTERM');
  clearTimeout(timer);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
