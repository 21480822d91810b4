import { readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Relay, USER_HEADER } from '../../support/relay.js';

const PROBE_EVERY_MS = 25;

/** What is promised of the server while any one request is handled. */
const HEALTH_WITHIN_MS = 250;
const MAX_RESIDENT_MB = 512;
/** A request that holds the server up does so every time; a collection of garbage that waits for a processor does not. */
const TRIES = 3;

/**
 * Does something while the server is asked for its health, again where that took too long, and asserts what is promised: the longest
 * wait that was the server's own, and the most memory that it ever had.
 */
export async function expectResponsive(
  { url, apis }: Pick<Relay, 'url' | 'apis'>,
  work: () => Promise<unknown>,
): Promise<void> {
  const pid = apis[0]?.pid ?? 0;
  const waits: number[] = [];
  while (waits.length < TRIES && !waits.some((wait) => wait <= HEALTH_WITHIN_MS)) {
    if (waits.length > 0) await sleep(500);
    waits.push(await longestWait(url, pid, work));
  }
  expect(Math.min(...waits)).toBeLessThanOrEqual(HEALTH_WITHIN_MS);
  expect(highestMegabytes(pid)).toBeLessThan(MAX_RESIDENT_MB);
}

/** Kept open: a connection that is closed behind a refusal may lose it. */
const agent = new http.Agent({ keepAlive: true });

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
    const options = { method, agent, headers: { [USER_HEADER]: 'ada', ...headers } };
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

/**
 * Does something, and meanwhile asks the server for its health, over and over. Returns the longest wait in milliseconds, less what other
 * programs took of it: the time in which the server's thread, or the one that asks, was ready to run and had no processor.
 */
async function longestWait(base: string, pid: number, work: () => Promise<unknown>): Promise<number> {
  const probes = new http.Agent({ keepAlive: true });
  const withoutProcessor = (): number => withoutProcessorMs(pid) + withoutProcessorMs(process.pid);
  let longest = 0;
  const over = new AbortController();
  const probing = (async () => {
    while (!over.signal.aborted) {
      const lost = withoutProcessor();
      const began = performance.now();
      await new Promise<void>((resolve, reject) => {
        http
          .get(`${base}/health`, { agent: probes }, (response) => response.resume().on('end', resolve))
          .on('error', reject);
      });
      longest = Math.max(longest, performance.now() - began - (withoutProcessor() - lost));
      await sleep(PROBE_EVERY_MS);
    }
  })();
  await work().finally(() => over.abort());
  await probing;
  probes.destroy();
  return longest;
}

/** How long the main thread of a process has waited for a processor in all; the second number of the file, in nanoseconds. */
const withoutProcessorMs = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;

/** Resident memory of a process, in megabytes. */
export const residentMegabytes = (pid: number): number => megabytesOf(pid, 'VmRSS');

/** The most that it ever was. */
export const highestMegabytes = (pid: number): number => megabytesOf(pid, 'VmHWM');

function megabytesOf(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
