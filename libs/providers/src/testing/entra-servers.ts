import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type LocalServer, type SeenRequest, startLocalServer } from './local-server.js';
import { selfSigned } from './self-signed.js';

const KEY = randomBytes(32);
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (text: string): string => createHmac('sha256', KEY).update(text).digest('base64url');

function newToken(claims: object): string {
  const text = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}`;
  return `${text}.${signed(text)}`;
}

/** The claims of a token that was issued here and is valid now. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(signed(`${head}.${body}`))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return claims.exp * 1_000 > Date.now() ? claims : undefined;
}

/** A refusal as Entra ID words it. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EntraServer {
  readonly url: string;
  /** The forms that were posted, by path. */
  readonly forms: readonly { readonly path: string; readonly form: Readonly<Record<string, string>> }[];
  /** Headers of the last request for a token. */
  readonly headers: () => SeenRequest['headers'];
  /** What the next requests get in place of a token; undefined: a token again. */
  refuse(refusal: Refusal | 'hang up' | undefined): void;
  /** How many seconds the next tokens are valid. */
  lifetime(seconds: number): void;
  close(): Promise<void>;
}

/** Microsoft's token endpoint, by TLS, with a certificate that nobody has signed. Issues tokens that {@link startTokenApi} checks. */
export async function startEntra(): Promise<EntraServer> {
  const forms: { path: string; form: Record<string, string> }[] = [];
  let headers: SeenRequest['headers'] = {};
  let refusal: Refusal | 'hang up' | undefined;
  let seconds = 3_600;
  let issued = 0;
  const server = createServer(selfSigned(), (request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      const path = request.url ?? '';
      if (request.method === 'GET') return json(response, 200, configurationOf(url(), path));
      headers = request.headers;
      const form = Object.fromEntries(new URLSearchParams(body));
      forms.push({ path, form });
      if (refusal === 'hang up') return void request.socket.destroy();
      if (refusal) return json(response, refusal.status, refusalOf(refusal), refusal.headers);
      const claims = { aud: form['scope'], app: form['client_id'], n: ++issued, exp: Date.now() / 1_000 + seconds };
      return json(response, 200, { token_type: 'Bearer', expires_in: seconds, access_token: newToken(claims) });
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url: url(),
    forms,
    headers: () => headers,
    refuse: (next) => (refusal = next),
    lifetime: (next) => (seconds = next),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function json(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** What an authority that the library does not know is asked for first. */
function configurationOf(url: string, path: string): object {
  const [, tenant] = path.split('/');
  const base = `${url}/${tenant}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  };
}

function refusalOf({ error, description }: Refusal): object {
  const codes = [...description.matchAll(/AADSTS(\d+)/g)].map(([, code]) => Number(code));
  return { error, error_description: description, error_codes: codes, trace_id: 't', correlation_id: 'c' };
}

/** An API that answers whoever has a valid token, and 401 otherwise; `revoked` tokens are not valid. */
export function startTokenApi(
  scope: string,
  answer: (response: ServerResponse, request: SeenRequest) => void | Promise<void>,
  revoked: ReadonlySet<string> = new Set(),
): Promise<LocalServer> {
  return startLocalServer((response, request) => {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    if (!revoked.has(token) && claimsOf(token)?.['aud'] === scope) return answer(response, request);
    const message = `Access denied due to invalid or expired token ${token}`;
    return json(response, 401, { error: { code: '401', message } });
  });
}
