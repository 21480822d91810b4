import { readdirSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import { dirname, join, relative } from 'node:path';
import type { Relay } from '../../support/relay.js';

export const TOKEN = 'test-admin-token-0123456789';
export const BOARD = '/admin/queues';
export const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'];

interface BoardRoute {
  readonly method: string;
  readonly route: string | readonly string[];
}

const require = createRequire(import.meta.url);
/** What the installed version of Bull Board serves, as it lists it itself. */
const { appRoutes } = require('@bull-board/api/dist/routes.js') as {
  appRoutes: { entryPoint: BoardRoute; api: readonly BoardRoute[] };
};

const pathsOf = ({ route }: BoardRoute): string[] =>
  [route]
    .flat()
    .map((path) =>
      (BOARD + path).replace(':queueName', 'run-turn').replace(':jobId', 'run_x-1').replace(/:\w+/g, 'failed'),
    );

export const pages = pathsOf(appRoutes.entryPoint);
export const reading = appRoutes.api.filter(({ method }) => method === 'get').flatMap(pathsOf);
export const changing = appRoutes.api
  .filter(({ method }) => method !== 'get')
  .flatMap((route) => pathsOf(route).map((path) => ({ method: route.method.toUpperCase(), path })));
export const assets = filesOf(join(dirname(require.resolve('@bull-board/ui/package.json')), 'dist', 'static')).map(
  (file) => `${BOARD}/static/${file}`,
);

export type Headers = Readonly<Record<string, string>>;

interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export const bearer = { authorization: `Bearer ${TOKEN}` };
export const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** Not `fetch`: it would tidy the address up before it sends it. */
export function ask(
  relay: Relay,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Headers } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(relay.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject).end();
  });
}

export function exchange(host: string, port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host, () => socket.write(request));
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('end', () => resolve(text)).on('error', reject);
  });
}

const encoded = (text: string): string => `%${text.charCodeAt(0).toString(16)}`;

/** The same address, written so that a naive comparison would not know it again. */
export function disguises(path: string): string[] {
  const all = path.replace(/[a-z]/g, encoded);
  return [
    path.replace('a', '%61'),
    path.replace('/admin', '/%41dmin'),
    path.replace('queues', 'queue%73'),
    all,
    all.toUpperCase(),
    path.replace('a', '%2561'),
    path.replaceAll('/', '//'),
    `/${path}`,
    path.replace('/queues', '//queues'),
    path.replace('/queues', '%2fqueues'),
    path.replace('/queues', '\\queues'),
    path.replace('/queues', '/%71ueues//'),
    path.toUpperCase(),
    path.replace('/admin', '/Admin'),
    `${path}/`,
    `${path}//`,
    `${path}/.`,
    `${path}.`,
    `${path}%20`,
    `${path}%00`,
    `${path};x=1`,
    `${path}?x=/health`,
    `${path}#x`,
    `/.${path}`,
    `/health/..${path}`,
    `/health/%2e%2e${path}`,
    `/health/..%2f${path.slice(1)}`,
    `${BOARD}/static/..${path.slice(BOARD.length)}`,
    `${BOARD}/static/%2e%2e/index.ejs`,
    `${BOARD}/%zz`,
    `//%61dmin//%71ueues/${path.slice(BOARD.length)}/..`,
  ];
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
