import { connect as connectTls } from 'node:tls';
import { constants } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerTo, type Wish, wishText } from '../chaos/support/numbered-provider.js';
import { useFleet } from '../chaos/support/fleet.js';
import { freePort } from '../../tools/engines/free-port.js';
import { caddyMissing, startCaddy } from '../support/caddy.js';
import { createThread, deltasOf, eventsIn, until } from '../support/chat.js';
import { isCi } from '../support/chromium.js';
import { connectHttp2, type Http2Client } from '../support/http2.js';
import { nginxMissing, startNginx } from '../support/nginx.js';

const USER = 'ada';
const PASSWORD = 'a-password';
const LOGIN = { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}` };
/** As `caller.conf` and the Caddyfile name it. */
const USER_HEADER = 'x-user';
const JSON_TYPE = { 'content-type': 'application/json' };
const LARGEST_FILE = 20 * 1024 * 1024;

/** The scheme that a browser used is believed from a listed proxy alone. */
const VARIABLES = { AUTH_USER_HEADER: USER_HEADER, AUTH_TRUSTED_PROXIES: '127.0.0.1' };

const PROXIES = {
  nginx: {
    missing: nginxMissing,
    start: (apis: readonly string[]) =>
      startNginx(apis, {
        tls: { lines: 'auth_basic "Relay"; auth_basic_user_file users;' },
        files: { users: `${USER}:{PLAIN}${PASSWORD}\n` },
      }),
  },
  Caddy: { missing: caddyMissing, start: (apis: readonly string[]) => startCaddy(apis, [USER, PASSWORD]) },
};

it('the proxies are there where a machine promises them (CI=true)', () => {
  expect(isCi ? nginxMissing + caddyMissing : '').toBe('');
});

describe('with the files of deploy/ before three APIs, of which one is gone', () => {
  const fleet = useFleet('postgres', { apis: 2, workers: 1, variables: VARIABLES });
  const urls = (): string[] => fleet.apis.map(({ app }) => String(app.ready['url']));

  describe.each(Object.entries(PROXIES))('%s', (name, { missing, start }) => {
    describe.runIf(!missing)(`before the relay (${missing || 'not skipped'})`, () => {
      let proxy: Awaited<ReturnType<typeof start>>;
      let client: Http2Client;
      beforeAll(async () => {
        proxy = await start([...urls(), `http://127.0.0.1:${await freePort()}`]);
        client = await connectHttp2(proxy.url);
        // Caddy before 2.7 cannot send a body to a second API: it notices within a second that one is gone.
        let reached = 0;
        await until('the proxy leads to those that are there', 20_000, async () => {
          const { status } = await client.send('/chatkit', { method: 'POST', headers: LOGIN, body: '{}' });
          reached = status === 400 ? reached + 1 : 0;
          return reached === 5;
        });
      });
      afterAll(async () => {
        client?.stop();
        await proxy?.stop();
      });

      const ask = (wish: Wish, onText?: Parameters<Http2Client['send']>[1]) =>
        client.send('/chatkit', {
          method: 'POST',
          // Only the proxy says who asks.
          headers: { ...JSON_TYPE, ...LOGIN, [USER_HEADER]: 'mallory' },
          body: JSON.stringify(createThread(wishText(wish))),
          ...onText,
        });

      it('streams over HTTP/2 as the answer is made, for the user of its login alone', async () => {
        const wish = { id: `${name}-early`, tokens: 12, delay: 100 };
        let wasEarly = false;
        const answer = await ask(wish, {
          onText: (text) => (wasEarly ||= text.includes('-early.2 ') && !text.includes('-early.12 ')),
        });
        const text = answer.body.toString();
        expect({ status: answer.status, text: deltasOf(eventsIn(text)).join('') }).toEqual({
          status: 200,
          text: answerTo(wish),
        });
        expect(wasEarly).toBe(true);
        const runId = String(answer.headers['chatkit-run-id']);
        expect(await fleet.query('SELECT owner_id FROM runs WHERE id = $1', [runId])).toEqual([{ owner_id: USER }]);
        const stranger = await client.send('/chatkit', {
          method: 'POST',
          headers: { ...JSON_TYPE, [USER_HEADER]: USER },
          body: '{}',
        });
        expect(stranger.status).toBe(401);
      });

      it('closes the connection behind it when the reader does, which stops the answer', async () => {
        const wish = { id: `${name}-stopped`, tokens: 600, delay: 100 };
        await ask(wish, {
          onText: (text, stream) => text.includes('-stopped.3 ') && stream.close(constants.NGHTTP2_CANCEL),
        });
        const call = fleet.provider.calls.findLast(({ id }) => id === wish.id);
        expect(call).toMatchObject({ finished: false });
        await until('the provider is left alone', 10_000, async () => call?.closedAt !== undefined);
      });

      it('takes the largest file, and hands it out again, under the address that the browser uses', async () => {
        const bytes = Buffer.alloc(LARGEST_FILE, 'a line of text\n');
        const params = { name: 'large.txt', mime_type: 'text/plain', size: bytes.length };
        const created = await client.send('/chatkit', {
          method: 'POST',
          headers: { ...JSON_TYPE, ...LOGIN },
          body: JSON.stringify({ type: 'attachments.create', params }),
        });
        const { upload_descriptor: target } = JSON.parse(created.body.toString()) as {
          upload_descriptor: { url: string };
        };
        expect(target.url.startsWith(`${proxy.url}/files/`)).toBe(true);
        const path = target.url.slice(proxy.url.length);
        const stored = await client.send(path, { method: 'PUT', headers: LOGIN, body: bytes });
        expect({ status: stored.status, body: stored.body.toString() }).toMatchObject({ status: 200 });
        const { body } = await client.send(new URL(path, proxy.url).pathname, { headers: LOGIN });
        expect(body.equals(bytes)).toBe(true);
      });

      it('serves a client of HTTP/1.0: the body is the events alone, and ends with the connection', async () => {
        const wish = { id: `${name}-old`, tokens: 5, delay: 10 };
        const raw = await sendByHttp10(proxy.url, JSON.stringify(createThread(wishText(wish))));
        const [head = '', ...frames] = raw.split('\r\n\r\n').join('\n\n').split('\n\n');
        expect(head).toMatch(/^HTTP\/1\.[01] 200 /);
        expect(frames.filter((frame) => frame !== '' && !/^(:|data: \{.*\}$)/s.test(frame))).toEqual([]);
        expect(deltasOf(eventsIn(frames.join('\n\n').concat('\n\n'))).join('')).toBe(answerTo(wish));
      });

      it('passes over an API that is gone', async () => {
        const wishes = Array.from({ length: 6 }, (_, number) => ({
          id: `${name}-over-${number}`,
          tokens: 2,
          delay: 1,
        }));
        const answers = await Promise.all(wishes.map((wish) => ask(wish)));
        expect(answers.map(({ body }) => deltasOf(eventsIn(body.toString())).join(''))).toEqual(wishes.map(answerTo));
      });
    });
  });
});

/** What came back on a connection of its own, as text. */
function sendByHttp10(base: string, body: string): Promise<string> {
  const { hostname, host, port } = new URL(base);
  const head = [
    'POST /chatkit HTTP/1.0',
    `Host: ${host}`,
    `Authorization: ${LOGIN.authorization}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host: '127.0.0.1',
      port: Number(port),
      servername: hostname === 'localhost' ? hostname : '',
      rejectUnauthorized: false,
    });
    let text = '';
    socket.on('data', (piece) => (text += piece.toString()));
    socket.on('close', () => resolve(text)).on('error', reject);
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}
