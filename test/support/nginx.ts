import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/engines/free-port.js';
import { selfSigned } from '../../libs/providers/src/testing/self-signed.js';
import { untilConnected } from './connect.js';

/** Why tests behind nginx do not run; empty when they do. */
export const nginxMissing =
  spawnSync('nginx', ['-v']).status === 0
    ? ''
    : 'Tests behind a proxy need nginx: install it (Debian: apt-get install nginx-light).';

const SHIPPED = fileURLToPath(new URL('../../deploy/nginx', import.meta.url));

export interface Nginx {
  readonly url: string;
  /** Writes apis.conf anew and reloads, as docs/deploy.md does in an upgrade. */
  leadTo(apis: readonly string[]): void;
  stop(): Promise<void>;
}

export interface NginxOptions {
  /** Directives of the shipped file, and what stands there instead; each must occur. */
  readonly changes?: Readonly<Record<string, string>>;
  /** The shipped site.conf, which has TLS with HTTP/2, and more lines. Otherwise plain HTTP. */
  readonly tls?: { readonly lines: string };
  /** Files in its folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A real nginx with the configuration of deploy/nginx before `apis` (base URLs), on a free loopback port. */
export async function startNginx(apis: readonly string[], options: NginxOptions = {}): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  cpSync(SHIPPED, folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const leadTo = (those: readonly string[]): void => write('chatkit-relay/apis.conf', those.map(serverOf).join(''));
  const change = (name: string, changes: Readonly<Record<string, string>> = {}): void =>
    write(name, changed(name, readFileSync(join(folder, name), 'utf8'), changes));
  change('chatkit-relay.conf', options.changes);
  if (options.tls) change('chatkit-relay/site.conf', siteChanges(port, options.tls.lines));
  else write('chatkit-relay/site.conf', `listen 127.0.0.1:${port};\n`);
  for (const [name, text] of Object.entries({ ...options.files, ...selfSigned() })) write(name, text);
  write('nginx.conf', mainOf(folder));
  leadTo(apis);
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { cwd: folder, stdio: 'ignore' });
  const exited = once(child, 'exit');
  await untilConnected('nginx', port, child, () => readFileSync(join(folder, 'error.log'), 'utf8'));
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    leadTo: (those) => {
      leadTo(those);
      child.kill('SIGHUP');
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const serverOf = (url: string): string => `server ${new URL(url).host};\n`;

function changed(name: string, text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`deploy/nginx/${name} has no "${from}"`);
    return before.replaceAll(from, to);
  }, text);
}

/** In place of the ports and files of a real site. */
const siteChanges = (port: number, lines: string): Readonly<Record<string, string>> => ({
  'listen 443 ': `listen 127.0.0.1:${port} `,
  'listen [::]:443 ssl http2;\n': '',
  '/etc/ssl/chat.example.com/fullchain.pem;': 'cert;',
  '/etc/ssl/chat.example.com/privkey.pem;': `key;\n${lines}`,
});

/** What Debian's package and the official image have around the shipped file. As root its processes need a user who may enter the folder. */
const mainOf = (folder: string): string => `
daemon off;
${userInfo().uid === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include chatkit-relay.conf;
}
`;
