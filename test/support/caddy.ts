import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/engines/free-port.js';
import { takesTls, untilConnected } from './connect.js';

/** Why tests behind Caddy do not run; empty when they do. */
export const caddyMissing =
  spawnSync('caddy', ['version']).status === 0
    ? ''
    : 'Tests behind a proxy need Caddy: install it (Debian: apt-get install caddy).';

const SHIPPED = fileURLToPath(new URL('../../deploy/caddy/Caddyfile', import.meta.url));

interface AdaptedConfig {
  admin?: { disabled: boolean };
  readonly apps: {
    readonly http: {
      readonly servers: Record<string, { listen: string[]; automatic_https?: object; protocols?: string[] }>;
    };
  };
}

export interface Caddy {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A real Caddy with deploy/caddy/Caddyfile before `apis` (base URLs), with TLS by its own authority for localhost, on a free
 * loopback port; nothing but the ports is changed.
 *
 * @param login name and password of the only user
 */
export async function startCaddy(apis: readonly string[], login: readonly [string, string]): Promise<Caddy> {
  const folder = mkdtempSync(join(tmpdir(), 'caddy-'));
  cpSync(SHIPPED, join(folder, 'Caddyfile'));
  mkdirSync(join(folder, 'login'));
  const hash = caddy(folder, {}, 'hash-password', '--plaintext', login[1]).trim();
  writeFileSync(join(folder, 'login', 'users.caddy'), `basicauth {\n\t${login[0]} ${hash}\n}\n`);
  const port = await freePort();
  const variables = {
    RELAY_SITE: `https://localhost:${port}`,
    RELAY_APIS: `to ${apis.map((api) => new URL(api).host).join(' ')}`,
  };
  const config = JSON.parse(caddy(folder, variables, 'adapt', '--config', 'Caddyfile')) as AdaptedConfig;
  writeFileSync(join(folder, 'config.json'), JSON.stringify(onLoopback(config, port)));
  const child = spawn('caddy', ['run', '--config', 'config.json'], { cwd: folder, env: environmentOf(folder) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()));
  const exited = once(child, 'exit');
  await untilConnected('Caddy', port, child, () => output, takesTls);
  return {
    url: `https://localhost:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What Caddy makes of the shipped file with these variables, as JSON. Throws where it would not start with it. */
export function adaptCaddyfile(variables: Readonly<Record<string, string>>): string {
  return caddy(dirname(SHIPPED), variables, 'adapt', '--config', 'Caddyfile');
}

/** No port is open that other runs would want, too: of the administration, of HTTP/3, of the redirection from plain HTTP. */
function onLoopback(config: AdaptedConfig, port: number): AdaptedConfig {
  for (const server of Object.values(config.apps.http.servers)) {
    server.listen = [`127.0.0.1:${port}`];
    server.automatic_https = { disable_redirects: true };
    server.protocols = ['h1', 'h2'];
  }
  return { ...config, admin: { disabled: true } };
}

/** With the mark by which the suite finds what a test has left running. */
const environmentOf = (folder: string) => ({
  PATH: process.env.PATH,
  TEST_RUN: process.env.TEST_RUN,
  HOME: folder,
  XDG_DATA_HOME: folder,
});

function caddy(folder: string, variables: Readonly<Record<string, string>>, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('caddy', args, {
    cwd: folder,
    env: { ...environmentOf(folder), ...variables },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`caddy ${args[0]}: ${stderr}`);
  return stdout;
}
