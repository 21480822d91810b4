import http from 'node:http';
import { USER_HEADER } from '../support/relay.js';

const CONNECTIONS = 48;
const ANSWER_WITHIN_MS = 30_000;

/** Posts bodies over connections that are kept. */
export interface Client {
  /** Posts one, reads the answer to its end, and returns its status; 0 when there was none, or no end. */
  post(body: Buffer): Promise<number>;
  /** Posts all, as many at a time as there are connections. The statuses stand in the order of the bodies. */
  postAll(bodies: readonly Buffer[]): Promise<number[]>;
  close(): void;
}

export function openClient(url: string, user: string): Client {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const headers = { 'content-type': 'application/json', [USER_HEADER]: user };

  function post(body: Buffer): Promise<number> {
    return new Promise((resolve) => {
      const options = {
        method: 'POST',
        agent,
        timeout: ANSWER_WITHIN_MS,
        headers: { ...headers, 'content-length': body.length },
      };
      const request = http.request(`${url}/chatkit`, options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(0));
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', () => resolve(0));
      request.end(body);
    });
  }

  async function postAll(bodies: readonly Buffer[]): Promise<number[]> {
    const statuses: number[] = [];
    const left = bodies.entries();
    const connection = async (): Promise<void> => {
      for (const [i, body] of left) statuses[i] = await post(body);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    return statuses;
  }

  return { post, postAll, close: () => agent.destroy() };
}
