import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { USER_HEADER } from '../../support/relay.js';
import type { Sent } from './watched.js';

/** A request that goes on. */
export interface Open {
  readonly status: Promise<number>;
  readonly request: http.ClientRequest;
}

/** A request whose body is announced, and never sent to its end. */
export function unfinished(url: string, user: string, length: number): Open {
  const headers = { [USER_HEADER]: user, 'content-length': length, 'content-type': 'text/plain' };
  return opened(http.request(url, { method: 'POST', agent: false, headers }), false);
}

/** A request whose answer is not read. */
export const unread = (url: string, user: string): Open =>
  opened(http.request(url, { agent: false, headers: { [USER_HEADER]: user } }), true);

/** Reads an answer with a pause after each piece of 64 KB. */
export async function readSlowly(url: string, user: string, pauseMs: number) {
  const request = http.request(url, { agent: false, headers: { [USER_HEADER]: user } }).end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let bytes = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      bytes += piece.length;
      await sleep(pauseMs);
    }
  } catch {
    // How far it came is what is asked for.
  }
  return { bytes, isComplete: response.complete };
}

function opened(request: http.ClientRequest, isWhole: boolean): Open {
  const status = new Promise<number>((resolve) => {
    request.on('response', (response) => resolve(response.statusCode ?? 0));
    request.on('error', () => resolve(0));
  });
  if (isWhole) request.end();
  else {
    // As much as keeps it from being too slow for as long as a test takes.
    const more = setInterval(() => request.write(' '.repeat(4 * 1024)), 400);
    request.write(' ').valueOf();
    request.on('close', () => clearInterval(more));
  }
  return { status, request };
}

/** The first status that comes while the server begins with all of them; it refuses at once. */
export const firstOf = (open: readonly Open[]): Promise<number | 'none'> =>
  Promise.race([...open.map(({ status }) => status), sleep(700, 'none' as const)]);

export function closeAll(open: readonly Open[]): void {
  for (const { request } of open) request.destroy();
}

/** What is closed is noticed a moment later. */
export async function eventually(ask: () => Promise<Sent>): Promise<Sent> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if ((answer.status !== 429 && answer.status !== 503) || tries > 100) return answer;
    await sleep(50);
  }
}

/** Sends a body in pieces, with a pause before each. */
export function slow(base: string, pieces: readonly string[], pauseMs: number): Promise<Sent> {
  const length = pieces.length === 0 ? 100 : pieces.join('').length;
  const head = `POST /chatkit HTTP/1.1\r\nHost: 127.0.0.1\r\n${USER_HEADER}: ada\r\nContent-Length: ${length}\r\n\r\n`;
  return writeSlowly(base, [head, ...pieces], pauseMs);
}

/** Writes to a connection, with a pause between two pieces, until there is an answer. */
export function writeSlowly(base: string, pieces: readonly string[], pauseMs: number): Promise<Sent> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(port), hostname);
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
      resolve({ status, body: answer.split('\r\n\r\n')[1] ?? '' });
      socket.destroy();
    });
    socket.on('error', reject);
    void (async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        await sleep(pauseMs);
      }
    })();
  });
}
