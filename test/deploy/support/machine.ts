// oxlint-disable node/no-process-env -- what this machine offers stands in its environment
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';

export const isCi = process.env['CI'] === 'true';

/** This Node first, whatever else is on PATH; and the mark by which the suite finds what a test has left running. */
export const baseEnvironment: Readonly<Record<string, string>> = {
  PATH: [dirname(process.execPath), process.env['PATH']].filter(Boolean).join(delimiter),
  ...(process.env['TEST_RUN'] && { TEST_RUN: process.env['TEST_RUN'] }),
};

const PROBE_MS = 8_000;
/** How npm finds its registry; nothing else of the `npm test` around us may reach an npm of the image. */
const NPM_FINDS_BY =
  /^(HOME|TMPDIR|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|npm_config_(registry|cache|userconfig|globalconfig|cafile))$/i;

/** Environment for npm: with the registry when it answers, with what npm has kept on this machine otherwise. */
export async function npmEnvironment(): Promise<NodeJS.ProcessEnv> {
  const finds = Object.entries(process.env).filter(([name]) => NPM_FINDS_BY.test(name));
  const env = { ...baseEnvironment, ...Object.fromEntries(finds), npm_config_prefer_offline: 'true' };
  const ping = ['ping', '--fetch-retries=0', `--fetch-timeout=${PROBE_MS - 1_000}`];
  const isOnline = await promisify(execFile)('npm', ping, { env, timeout: PROBE_MS }).then(
    () => true,
    () => false,
  );
  return isOnline ? env : { ...env, npm_config_offline: 'true' };
}

/** Somebody with no rights at all, as the user of a container is; only root can become another. */
const NOBODY = 65_534;
const canBecomeNobody = process.getuid?.() === 0 && !process.execPath.startsWith(homedir());
const asNobody = canBecomeNobody ? { uid: NOBODY, gid: NOBODY } : {};

export interface Container {
  readonly child: ChildProcess;
  output(): string;
  /** The exit code. */
  ended(): Promise<number | null>;
  stop(): Promise<number | null>;
}

/** Runs a command with exactly this environment, as a user who owns nothing. */
export function runContainer(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Container {
  const [file = '', ...args] = command;
  const all = { HOME: '/nonexistent', ...baseEnvironment, ...env };
  const child = spawn(file, args, { cwd, env: all, stdio: ['ignore', 'pipe', 'pipe'], ...asNobody });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => text,
    ended: () => closed,
    stop: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
}
