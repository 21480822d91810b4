import http from 'node:http';
import { USER_HEADER } from '../../support/relay.js';
import type { Sending, Sent } from './watched.js';

/** A text in which something stands any number of times. */
export interface Repeated {
  readonly head: string;
  readonly unit: string;
  readonly between: string;
  readonly tail: string;
}

export const textOf = ({ head, unit, between, tail }: Repeated, count: number): string =>
  head + Array<string>(count).fill(unit).join(between) + tail;

const PIECE = 64 * 1024;
const TRIES = 10;

/**
 * Sends the beginning of a body that would repeat its unit a million times as often as anything may, without its length, until it
 * is answered. No more than `enough` bytes of it: a server that reads on would not answer at all.
 */
export async function sendEndless(
  base: string,
  body: Repeated,
  how: Sending = {},
  enough = 8 * 1024 * 1024,
): Promise<Sent> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendOnce(base, body, how, enough);
    } catch (error) {
      // A connection that is closed while something is sent may lose the answer.
      if (tries === TRIES || !['EPIPE', 'ECONNRESET'].includes(String((error as NodeJS.ErrnoException).code)))
        throw error;
    }
  }
}

function sendOnce(
  base: string,
  { head, unit, between }: Repeated,
  { path = '/chatkit', headers }: Sending,
  enough: number,
): Promise<Sent> {
  const piece = Buffer.from((unit + between).repeat(Math.ceil(PIECE / (unit + between).length)));
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent: false,
      headers: { [USER_HEADER]: 'ada', 'transfer-encoding': 'chunked', ...headers },
    } as const;
    let sent = 0;
    let answered = false;
    const request = http.request(base + path, options, (response) => {
      answered = true;
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('close', () => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    request.on('error', (error) => (answered ? undefined : reject(error)));
    const next = (): void => {
      if (answered || sent > enough) return;
      sent += piece.length;
      request.write(piece, () => setImmediate(next));
    };
    request.write(head, next);
  });
}
