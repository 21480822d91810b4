import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { StagingFolder } from '../staging-folder.js';
import { S3AttachmentFiles } from './s3-attachment-files.js';
import { S3Objects } from './s3-objects.js';

const SILENT_MS = 400;
/** Longer than a test waits. */
const PATIENT_MS = 60_000;
const MB = 1024 * 1024;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function storeThat(answers: RequestListener, silentMs = SILENT_MS): Promise<S3Objects> {
  const server = createServer(answers).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { endpoint, bucket: 'b', region: 'r', accessKeyId: 'id', secretAccessKey: 'secret' };
  return new S3Objects(settings, { connectMs: 1_000, silentMs });
}

const silentStore = () => storeThat((request) => void request.resume());
const unavailable = { code: 'service.unavailable' };
/** Of an operation that must not wait for ever; far above what it may take. */
const settled = <Result>(work: Promise<Result>): Promise<Result> =>
  Promise.race([work, sleep(4_000).then(() => Promise.reject(new Error('it still waits')))]);

describe('a store that accepts and says nothing', () => {
  it.each<[string, (store: S3Objects) => Promise<unknown>]>([
    ['get', (store) => store.get('key')],
    ['head', (store) => store.head('key')],
    ['put', (store) => store.put('key', Readable.from([Buffer.from('bytes')]), 5)],
    ['putBytes', (store) => store.putBytes('key', Buffer.from('bytes'), 'image/png')],
    ['copy', (store) => store.copy('from', 'to')],
    ['delete', (store) => store.delete('key')],
    ['list', (store) => store.list('prefix')[Symbol.asyncIterator]().next()],
  ])('is not waited for, all tries together: %s', async (_, operation) => {
    await expect(settled(operation(await silentStore()))).rejects.toMatchObject(unavailable);
  });

  it('stops the start with the setting', async () => {
    const store = await silentStore();
    await expect(settled(store.check())).rejects.toThrow(/^S3_ENDPOINT: http.* cannot be reached$/);
  });

  it('is waited for less where a transaction waits', async () => {
    const store = await storeThat((request, response) => {
      request.resume();
      if (request.headers['x-amz-copy-source'] === undefined) request.on('end', () => response.end());
    }, PATIENT_MS);
    const files = new S3AttachmentFiles(store, new StagingFolder(tmpdir()), { direct: false, keepWithinMs: 300 });
    const staged = await files.stage('atc_silent', Readable.from([Buffer.from('bytes')]), 100);
    await staged.prepare();
    await expect(settled(staged.keep({}))).rejects.toMatchObject(unavailable);
    await staged.discard();
  });
});

async function* slowPieces(): AsyncIterable<Buffer> {
  for (let count = 0; count < 5; count++) {
    await sleep(SILENT_MS / 2);
    yield Buffer.from('piece');
  }
}

/** Answers with the first half of a body of 2 MB. */
const half = (_: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': 2 * MB });
  response.write(Buffer.alloc(MB, 'a'));
};

const opened = async (store: S3Objects): Promise<Readable> => {
  const found = await store.get('key');
  if (!found) throw new Error('there is an object');
  return found.stream;
};

describe('a body', () => {
  it('in whose middle the store goes silent ends with an error', async () => {
    const stream = await opened(await storeThat(half));
    await expect(settled(buffer(stream))).rejects.toMatchObject(unavailable);
  });

  it('that is cut ends with an error', async () => {
    const stream = await opened(
      await storeThat((request, response) => {
        half(request, response);
        setTimeout(() => response.destroy(), 50);
      }),
    );
    await expect(settled(buffer(stream))).rejects.toThrow('aborted');
  });

  it('is read whole by a reader who pauses for longer than a store may', async () => {
    const stream = await opened(await storeThat((_, response) => void response.end(Buffer.alloc(20 * MB, 'a'))));
    await once(stream, 'readable');
    await sleep(3 * SILENT_MS);
    expect((await settled(buffer(stream))).length).toBe(20 * MB);
  });

  it('is not sent on when its reader has left', async () => {
    let isSending = true;
    const stream = await opened(
      await storeThat((request, response) => {
        half(request, response);
        response.on('close', () => (isSending = false));
      }),
    );
    stream.destroy();
    await expect.poll(() => isSending).toBe(false);
  });

  it('may be sent slowly, as long as it gets on', async () => {
    let received = 0;
    const store = await storeThat((request, response) => {
      request.on('data', (piece: Buffer) => (received += piece.length));
      request.on('end', () => response.end());
    });
    await store.put('key', Readable.from(slowPieces()), 25);
    expect(received).toBe(25);
  });
});

it('downloads whose readers take nothing hold up no other request', async () => {
  const bytes = Buffer.alloc(5 * MB, 'a');
  const store = await storeThat((request, response) => {
    if (request.method === 'GET') response.end(bytes);
    else response.writeHead(200).end();
  }, PATIENT_MS);
  const unread = await Promise.all(Array.from({ length: 60 }, () => opened(store)));
  expect(await settled(store.head('key'))).toBeDefined();
  for (const stream of unread) stream.destroy();
});
