import { readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { USER_HEADER } from '../../support/relay.js';

const PROBE_EVERY_MS = 25;

export interface Sent {
  readonly status: number;
  readonly body: string;
}

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: http.OutgoingHttpHeaders;
}

/** Sends a body. An event stream is left as soon as it begins: that its request was accepted is all that is asked. */
export function send(
  base: string,
  body: string | Buffer,
  { method = 'POST', path = '/chatkit', headers }: Sending = {},
) {
  return new Promise<Sent>((resolve, reject) => {
    const options = { method, agent: false, headers: { [USER_HEADER]: 'ada', ...headers } };
    const request = http.request(base + path, options, (response) => {
      const status = response.statusCode ?? 0;
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        resolve({ status, body: '' });
        request.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Does something, and meanwhile asks the server for its health, over and over. Returns the longest wait in milliseconds. */
export async function longestWait(base: string, work: () => Promise<unknown>): Promise<number> {
  const agent = new http.Agent({ keepAlive: true });
  let longest = 0;
  const over = new AbortController();
  const probing = (async () => {
    while (!over.signal.aborted) {
      const began = performance.now();
      await new Promise<void>((resolve, reject) => {
        http
          .get(`${base}/health/live`, { agent }, (response) => response.resume().on('end', resolve))
          .on('error', reject);
      });
      longest = Math.max(longest, performance.now() - began);
      await sleep(PROBE_EVERY_MS);
    }
  })();
  await work().finally(() => over.abort());
  await probing;
  agent.destroy();
  return longest;
}

/** Of a kernel as distributions build it. */
const TICK_MS = 10;

/** Processor time that a process has used, all its threads together, in milliseconds. */
export function processorTime(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory of a process, in megabytes. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
