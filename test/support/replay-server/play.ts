import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Recording } from '../recordings/recording.js';
import { piecesOf, randomOf } from './frames.js';
import type { Exchange } from './journal.js';
import { type Knobs, turnedFrames } from './knobs.js';

/** Enough for what was written to leave before the connection breaks. */
const FLUSH_MS = 5;

/** Plays a recording as the knobs say. */
export async function play(exchange: Exchange, recording: Recording, knobs: Knobs): Promise<void> {
  const { request, response, entry } = exchange;
  const frames = turnedFrames(readFileSync(recording.file), recording.encoding, knobs);
  await sleep(knobs.number('head') ?? 0);
  if (exchange.gone()) return;
  if (knobs.number('cut') === 0) return cut(exchange, knobs);
  request.socket.setNoDelay(true);
  entry.status = recording.http.status;
  response.writeHead(recording.http.status, headersOf(recording, knobs));
  response.flushHeaders();
  const sink = sinkOf(exchange, knobs);
  await sleep(knobs.number('first') ?? 0);
  if (await writeFrames(exchange, frames, sink, knobs)) sink.end();
}

function headersOf(recording: Recording, knobs: Knobs): Record<string, string> {
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = recording.http.headers;
  const type = knobs.text('ctype');
  return {
    ...headers,
    ...(type !== null && { 'content-type': type }),
    ...(knobs.has('gzip') && { 'content-encoding': 'gzip' }),
    'x-replay-fixture': recording.id,
  };
}

function sinkOf({ response }: Exchange, knobs: Knobs): Writable {
  if (!knobs.has('gzip')) return response;
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  return gzip;
}

/** @returns whether all of them were written */
async function writeFrames(
  exchange: Exchange,
  frames: readonly Buffer[],
  sink: Writable,
  knobs: Knobs,
): Promise<boolean> {
  const random = randomOf(knobs.number('seed') ?? 1);
  const split = knobs.text('split');
  for (const [index, frame] of frames.entries()) {
    // The client has to give up: the connection stays open.
    if (exchange.gone() || knobs.number('hang') === index) return false;
    if (knobs.number('cut') === index) {
      await sleep(FLUSH_MS);
      cut(exchange, knobs);
      return false;
    }
    for (const piece of piecesOf(frame, split, random)) await write(exchange, sink, piece, split !== null);
    exchange.entry.frames += 1;
    const delay = knobs.number('delay');
    if (delay) await sleep(delay);
  }
  return true;
}

async function write(exchange: Exchange, sink: Writable, piece: Buffer, alone: boolean): Promise<void> {
  if (exchange.gone()) return;
  if (!sink.write(piece)) {
    await new Promise<void>((resolve) => {
      sink.once('drain', resolve);
      exchange.response.once('close', resolve);
    });
  }
  // Lets the piece leave before the next one joins it.
  if (alone) await nextTurn();
}

function cut(exchange: Exchange, knobs: Knobs): void {
  exchange.closing();
  const { socket } = exchange.request;
  if (knobs.has('reset')) socket.resetAndDestroy();
  else socket.destroy();
}
