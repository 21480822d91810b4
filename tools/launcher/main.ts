// Stage 1 of `npm start`: everything is installed and built. Starts engines, migrates, starts apps and prints
// the banner; then waits for the end and stops what it started in reverse order.
import type { Engines } from '../engines/engines.js';
import { appEnvironment, Apps } from './apps.js';
import { assistantSourcesState } from './assistant-sources.js';
import { banner } from './banner.js';
import { checkConfig, CONFIG_ERROR, configFailure, configWarning } from './check-config.js';
import { checkPort } from './check-port.js';
import { connect, type Connections } from './connect.js';
import { End } from './end.js';
import { readEnvironment } from './environment.js';
import { migrate } from './migrate.js';
import { onLostShell, onStopSignals } from './signals.js';
import { type Sources, watch } from './watch.js';

const SLOW_START_MS = 60_000;

/** What stage 0, which is plain JavaScript, hands over. */
export interface LaunchOptions {
  root: string;
  dataDir: string;
  lock: { setUrl: (url: string) => void; addChild: (name: string, pid: number) => void };
  watch?: Sources;
}

interface Started {
  engines?: Engines;
  apps?: Apps;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs until it is asked to stop; returns the exit code. */
export async function launch(options: LaunchOptions): Promise<number> {
  const end = new End();
  const started: Started = {};
  onStopSignals(
    () => end.stop(),
    () => started.apps?.hurry(),
  );
  onLostShell(process.env, () => end.stop());
  // Output fails once the terminal is closed; stopping in order matters more than printing.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    await start(options, started, end);
    await end.wait();
  } catch (error) {
    // Ctrl-C also reaches what a start is waiting for; failures that it causes are not reported.
    if (!end.reached) throw error;
  } finally {
    await started.apps?.stop();
    await started.engines?.stop();
  }
  if (end.failure) process.stderr.write(end.failure.startsWith('{') ? `${end.failure}\n` : `\n${end.failure}\n\n`);
  return end.exitCode;
}

async function start(options: LaunchOptions, started: Started, end: End): Promise<void> {
  const { root, dataDir, lock } = options;
  const found = await checkConfig(root, process.env);
  // With `--watch`, the apps say what is wrong, and the next change may correct it.
  if (!options.watch && found.problems.length > 0) return end.stop(configFailure(found), CONFIG_ERROR);
  if (found.problems.length === 0) for (const warning of found.warnings) say(configWarning(warning));
  const environment = readEnvironment(process.env);
  if (environment.port) await checkPort(environment.host, environment.port);
  const connections = await connect(root, dataDir, environment);
  started.engines = connections.engines;
  if (connections.engines) lock.addChild('database keeper', connections.engines.pid);
  connections.engines?.onDeath((message) => end.stop(message));
  if (end.reached) return;
  await migrate(root, environment.directDatabaseUrl ?? connections.databaseUrl, say, (pid) =>
    connections.engines?.addApp(pid),
  );
  if (end.reached) return;
  started.apps = startApps(options, connections, end);
  void announce(options, started.apps, connections, end);
  if (options.watch) void watch(withAssistants(options.watch), () => started.apps?.restart(), say, end.signal);
}

/** A change to an assistant's module needs no build, only a restart. */
const withAssistants = ({ state, rebuild }: Sources): Sources => ({
  rebuild,
  state: () => `${state()}\n${assistantSourcesState(process.env, process.cwd())}`,
});

function startApps({ root, dataDir, lock, watch: watched }: LaunchOptions, connections: Connections, end: End): Apps {
  const apps = new Apps(root, appEnvironment(process.env, dataDir, connections), {
    started: (name, pid) => {
      lock.addChild(name, pid);
      connections.engines?.addApp(pid);
    },
    // In watch mode the next build may fix it.
    failed: (message, exitCode) => (watched ? say(`${message} Waiting for a change.`) : end.stop(message, exitCode)),
    say,
    stopping: (waitsFor, until) =>
      say(`Waiting for ${waitsFor}, until ${until.toLocaleTimeString()} at the latest. Ctrl-C again ends it at once.`),
  });
  apps.start();
  return apps;
}

async function announce({ lock }: LaunchOptions, apps: Apps, connections: Connections, end: End): Promise<void> {
  const slow = setTimeout(() => say('Still waiting for the API and the worker to be ready …'), SLOW_START_MS);
  end.signal.addEventListener('abort', () => clearTimeout(slow));
  const ready = await apps.ready;
  clearTimeout(slow);
  lock.setUrl(ready.url);
  if (!end.reached) process.stdout.write(banner({ ...connections, ...ready }, process.stdout.isTTY));
}
