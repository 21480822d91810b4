import type { ServerResponse } from 'node:http';
import { type LocalServer, startLocalServer } from './local-server.js';

/** How a recording is played. */
export interface ReplayOptions {
  /** By default `text/event-stream`. */
  readonly contentType?: string;
  /** By default 200. */
  readonly status?: number;
  /** Where the bytes are cut follows from it; by default another one each time. */
  readonly seed?: number;
}

export interface Replay extends LocalServer {
  /** To play a failed test's pieces again: put it into the test's message. */
  readonly seed: number;
}

/** Networks cut anywhere: in the middle of a line, and of a character. */
const MAX_PIECE_BYTES = 48;

/**
 * A server that answers every request with these bytes, in pieces of random lengths, each sent on its own: what comes out of
 * a provider must not depend on where the network cuts.
 */
export async function startReplay(recording: Uint8Array | string, options: ReplayOptions = {}): Promise<Replay> {
  const { contentType = 'text/event-stream', status = 200, seed = Math.floor(Math.random() * 2 ** 32) } = options;
  const bytes = Buffer.from(recording);
  const random = randomOf(seed);
  const server = await startLocalServer(async (response) => {
    response.writeHead(status, { 'content-type': contentType });
    await play(bytes, response, random);
    response.end();
  });
  return { ...server, seed };
}

async function play(bytes: Buffer, response: ServerResponse, random: () => number): Promise<void> {
  response.socket?.setNoDelay(true);
  for (let start = 0; start < bytes.length && !response.destroyed;) {
    const end = start + 1 + Math.floor(random() * MAX_PIECE_BYTES);
    response.write(bytes.subarray(start, end));
    start = end;
    // Lets the reader have the piece before the next one is added to it.
    await new Promise(setImmediate);
  }
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
