import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { noAbort } from '../testing/prompts.js';
import { useLocalServers } from '../testing/use-local-servers.js';
import type { ModelCall } from '../spec/language-model.js';
import { createHttpClient } from './http-client.js';
import { forgetStored, inlined, storedData, type StoredBytes } from './stored-bytes.js';

const bytesOf = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, n) => (n * 7) % 251));

/** A file in pieces of an odd length, and how much of it was reserved and is still. */
function fileOf(bytes: Buffer, size = bytes.length) {
  const seen = { reserved: 0, held: 0, opened: 0, closed: 0 };
  const file: StoredBytes = {
    key: 'a',
    size,
    async open() {
      seen.opened++;
      const pieces = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, n) =>
        bytes.subarray(n * 1000, (n + 1) * 1000),
      );
      return Readable.from(pieces, { objectMode: false }).on('close', () => seen.closed++);
    },
    toRead: () => Promise.reject(new Error('nothing looks at it')),
    async toSend(wanted) {
      seen.reserved += wanted;
      seen.held += wanted;
      return () => void (seen.held -= wanted);
    },
  };
  return { file, seen };
}

const server = useLocalServers();

async function sentTo(body: string, answer = (text: string) => text) {
  const local = await server((response, { text }) => void response.end(answer(text)));
  const request = { method: 'POST', url: `${local.url}/`, headers: {}, body } as const;
  const response = await createHttpClient(local.url).send(request, noAbort());
  response.release(true);
  return local.requests[0];
}

describe('a file in a request', () => {
  it.each([0, 1, 2, 3, 999, 1000, 100_000])(
    'of %i bytes is written as base64, and none of it is held',
    async (size) => {
      const { file, seen } = fileOf(bytesOf(size));
      const data = storedData(file);
      const body = JSON.stringify({ before: 'ä', url: `data:image/png;base64,${data.data}`, again: data.data });
      const base64 = bytesOf(size).toString('base64');
      const expected = { before: 'ä', url: `data:image/png;base64,${base64}`, again: base64 };
      const request = await sentTo(body);
      expect(request?.body).toEqual(expected);
      expect(request?.headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify(expected))));
      expect(seen).toEqual({ reserved: 0, held: 0, opened: 2, closed: 2 });
      forgetStored(data);
    },
  );

  it('that is shorter than it was ends the request with an error', async () => {
    const data = storedData(fileOf(bytesOf(100), 200).file);
    await expect(sentTo(JSON.stringify({ data: data.data }))).rejects.toThrow('a file of 200 bytes has 100');
  });

  it('that the prompt has forgotten is not sent', async () => {
    const data = storedData(fileOf(bytesOf(100)).file);
    forgetStored(data);
    await expect(sentTo(JSON.stringify({ data: data.data }))).rejects.toThrow('forgotten');
  });

  it('is not what a text of the same form says', async () => {
    const text = `stored-${'0'.repeat(48)}-1;`;
    expect((await sentTo(JSON.stringify({ text })))?.body).toEqual({ text });
  });
});

describe('a call with its files in it', () => {
  it('has base64, and what that takes is reserved until it is over', async () => {
    const { file, seen } = fileOf(bytesOf(1000));
    const part = { type: 'image', mediaType: 'image/png', data: storedData(file) } as const;
    const prompt: ModelCall['prompt'] = [{ role: 'user', content: [part, { type: 'text', text: 'Hi' }] }];
    const { call, release } = await inlined({ prompt }, noAbort());
    const data = { type: 'base64', data: bytesOf(1000).toString('base64') };
    expect(call.prompt).toEqual([
      {
        role: 'user',
        content: [
          { ...part, data },
          { type: 'text', text: 'Hi' },
        ],
      },
    ]);
    expect(seen.held).toBe(5000);
    release();
    expect(seen.held).toBe(0);
  });

  it('gives back what it has reserved when a file cannot be read', async () => {
    const { file, seen } = fileOf(bytesOf(1000));
    const gone = { ...file, open: () => Promise.reject(new Error('deleted')) };
    const part = { type: 'image', mediaType: 'image/png', data: storedData(gone) } as const;
    await expect(inlined({ prompt: [{ role: 'user', content: [part] }] }, noAbort())).rejects.toThrow('deleted');
    expect(seen).toMatchObject({ reserved: 5000, held: 0 });
  });

  it('reads no file when its run is stopped while it waits, and gives back what it waited for', async () => {
    const { file, seen } = fileOf(bytesOf(1000));
    const stop = new AbortController();
    const waited: StoredBytes = {
      ...file,
      toSend: async (bytes) => {
        const release = await file.toSend(bytes);
        stop.abort(new Error('stopped'));
        return release;
      },
    };
    const part = { type: 'image', mediaType: 'image/png', data: storedData(waited) } as const;
    const call = { prompt: [{ role: 'user' as const, content: [part] }] };
    await expect(inlined(call, stop.signal)).rejects.toThrow('stopped');
    expect(seen).toMatchObject({ opened: 0, held: 0 });
  });
});
