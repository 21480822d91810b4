import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { collect } from '../testing/prompts.js';
import { sseFrames } from './sse-frames.js';

async function read(...chunks: (string | Buffer)[]): Promise<string[]> {
  const body = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const batches = await collect(sseFrames(body));
  return batches.flat().map(({ event, data }) => (event ? `${event}: ${data}` : data));
}

it.each([
  ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
  ['carriage returns and line feeds', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['no space behind the colon', 'data:a\n\n', ['a']],
  ['comments', ': ping\n\ndata: a\n: ping\n\n', ['a']],
  ['several lines of data', 'data: a\ndata: b\n\n', ['a\nb']],
  ['event names and other fields', 'event: error\nid: 1\nretry: 5\nfoo: bar\ndata: a\n\n', ['error: a']],
  ['no blank line at the end', 'data: a\n\ndata: b', ['a', 'b']],
  ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
  ['a byte order mark inside of the data', 'data: \ufeffa\n\n', ['\ufeffa']],
  ['nothing', '', []],
])('reads %s', async (_, text, frames) => {
  expect(await read(text)).toEqual(frames);
  expect(await read(...[...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(frames);
});

it('joins characters that a chunk border cuts', async () => {
  const bytes = Buffer.from('data: é東🔑\n\n');
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['é東🔑']);
  }
});

it('yields the frames of one chunk together', async () => {
  const batches = await collect(
    sseFrames(Readable.from([Buffer.from('data: a\n\ndata: b\n\n'), Buffer.from('data: c\n\n')])),
  );
  expect(batches.map((batch) => batch.length)).toEqual([2, 1]);
});

it('leaves the body alone when it is left early', async () => {
  const body = Readable.from([Buffer.from('data: a\n\n'), Buffer.from('data: b\n\n')]);
  for await (const frames of sseFrames(body.iterator({ destroyOnReturn: false }))) if (frames.length > 0) break;
  expect(body.destroyed).toBe(false);
});
