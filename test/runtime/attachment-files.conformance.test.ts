import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { selfSigned, startLocalProxy } from '#providers/testing';
import { type AttachmentFiles, createAttachmentFiles, s3Settings } from '#runtime';
import { duringSuite } from '../support/during-suite.js';
import { startS3Server } from '../support/s3/s3-server.js';
import { s3StoreOf } from '../support/s3/s3-store.js';
import { startVersityGateway, VERSITY_GATEWAY } from '../support/s3/versity-gateway.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MB = 1024 * 1024;
const picture = { mediaType: 'image/png', bytes: Buffer.from([0x89, 0x50, 1]) };
const photo = { mediaType: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 2]) };

function filesContract(open: () => AttachmentFiles): void {
  const staged = (id: string, bytes: Buffer | string, maxBytes = MB) =>
    open().stage(id, Readable.from([Buffer.from(bytes)]), maxBytes);
  const kept = async (id: string, bytes: Buffer | string, renditions = {}): Promise<void> => {
    const file = await staged(id, bytes);
    await file.prepare();
    await file.keep(renditions);
    await file.discard();
  };
  const readAs = async (id: string, view?: 'model' | 'preview') => {
    const file = await open().read(id, view);
    if (!file) return undefined;
    const bytes = await buffer(file.stream);
    expect(bytes.length).toBe(file.size);
    return [bytes.toString('latin1'), file.mediaType];
  };
  const entries = async (attachmentId: string) => {
    const found = [];
    for await (const entry of open().list()) if (entry.attachmentId === attachmentId) found.push(entry);
    return found;
  };

  it('keeps what was staged, byte for byte, and replaces what was there', async () => {
    const bytes = randomBytes(3 * MB);
    const file = await staged('atc_a', bytes, 3 * MB);
    expect([file.size, file.head.equals(bytes.subarray(0, MB))]).toEqual([3 * MB, true]);
    expect(await open().read('atc_a')).toBeUndefined();
    await file.prepare();
    await file.keep({});
    expect(await readAs('atc_a')).toEqual([bytes.toString('latin1'), undefined]);
    await kept('atc_a', 'short', { model: photo });
    expect(await readAs('atc_a')).toEqual(['short', undefined]);
    await kept('atc_a', '');
    expect([await readAs('atc_a'), await readAs('atc_a', 'model')]).toEqual([
      ['', undefined],
      ['', undefined],
    ]);
  });

  it('shows a rendition where there is one, else the next best', async () => {
    await kept('atc_b', 'upload', { model: photo, preview: picture });
    expect(await readAs('atc_b', 'model')).toEqual([photo.bytes.toString('latin1'), 'image/jpeg']);
    expect(await readAs('atc_b', 'preview')).toEqual([picture.bytes.toString('latin1'), 'image/png']);
    await kept('atc_b', 'upload', { model: photo });
    expect(await readAs('atc_b', 'preview')).toEqual([photo.bytes.toString('latin1'), 'image/jpeg']);
    await kept('atc_b', 'upload');
    expect(await readAs('atc_b', 'preview')).toEqual(['upload', undefined]);
  });

  it('refuses what is too long, and leaves nothing of it', async () => {
    await expect(staged('atc_c', 'x'.repeat(11), 10)).rejects.toMatchObject({ code: 'attachment.too_large' });
    expect((await staged('atc_c', 'x'.repeat(10), 10)).size).toBe(10);
    const file = await staged('atc_d', 'refused');
    await file.prepare();
    await file.discard();
    expect(await entries('atc_d')).toEqual([]);
  });

  it('lists what it has, and knows an upload that was never finished', async () => {
    await kept('atc_e', 'upload', { model: photo, preview: picture });
    await (await staged('atc_f', 'dies')).prepare();
    expect((await entries('atc_e')).map(({ isStaged }) => isStaged)).toEqual([false, false, false]);
    expect([await open().holds('atc_e'), await open().holds('atc_f'), await open().holds('atc')]).toEqual([
      true,
      true,
      false,
    ]);
    const [unfinished] = await entries('atc_f');
    expect([unfinished?.isStaged, Math.abs(Date.now() - Number(unfinished?.modifiedAt)) < 60_000]).toEqual([
      true,
      true,
    ]);
    await unfinished?.remove();
    expect(await entries('atc_f')).toEqual([]);
  });

  it('deletes the upload and all that was made of it, more than once', async () => {
    await kept('atc_g', 'upload', { model: photo, preview: picture });
    expect(await open().has('atc_g')).toBe(true);
    await open().delete('atc_g');
    await open().delete('atc_g');
    expect([await open().has('atc_g'), await open().read('atc_g', 'preview')]).toEqual([false, undefined]);
    expect(await open().holds('atc_g')).toBe(false);
    expect(await entries('atc_g')).toEqual([]);
  });

  it.each(['../etc/passwd', 'atc_a.model', 'a/b', ''])('takes no id that is a path: "%s"', async (id) => {
    for (const refused of [open().read(id), open().delete(id), open().has(id), open().holds(id), staged(id, 'x')]) {
      await expect(refused).rejects.toMatchObject({ code: 'attachment.not_found' });
    }
  });

  it('is in order', async () => expect(await open().check()).toBeUndefined());
}

describe('files on the disk', () => {
  const dataDir = temporaryFolder('files-');
  const files = createAttachmentFiles({ dataDir, s3: undefined, direct: true });
  filesContract(() => files);

  it('have no way around us', () => expect(files.direct).toBeUndefined());
});

const put = async (url: string, body: string): Promise<number> => (await fetch(url, { method: 'PUT', body })).status;

const facts = (made: string | undefined) => ({
  contentType: made ?? 'text/plain',
  contentDisposition: "attachment; filename*=UTF-8''Z%C3%BCrich%20%2B.txt",
});

/** Between a browser and the bucket, without us. */
function directContract(open: () => AttachmentFiles): void {
  const direct = () => {
    const { direct: transfer } = open();
    if (!transfer) throw new Error('there is no direct transfer');
    return transfer;
  };

  it('an upload arrives under a key of its own, and with its size only', async () => {
    const { url, method, headers } = await direct().uploadTarget('atc_up', 5);
    expect([method, headers]).toEqual(['PUT', {}]);
    expect(await direct().openUpload('atc_up')).toBeUndefined();
    expect(await put(url, 'longer')).toBe(403);
    expect(await put(url, 'four')).toBe(403);
    expect(await put(url.replace('atc_up', 'atc_other'), '12345')).toBe(403);
    expect(await put(url, '12345')).toBe(200);
    const sent = await direct().openUpload('atc_up');
    expect([sent?.size, sent && (await buffer(sent.stream)).toString()]).toEqual([5, '12345']);
    expect(await open().read('atc_up')).toBeUndefined();
    await direct().discardUpload('atc_up');
    expect(await direct().openUpload('atc_up')).toBeUndefined();
  });

  it('a download has the type and the name that we say, and no other', async () => {
    const file = await open().stage('atc_down', Readable.from([Buffer.from('<script>')]), MB);
    await file.prepare();
    await file.keep({ preview: picture });
    const url = String(await direct().downloadUrl('atc_down', 'upload', facts));
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, '<script>']);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''Z%C3%BCrich%20%2B.txt");
    const preview = await fetch(String(await direct().downloadUrl('atc_down', 'preview', facts)));
    expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/png']);
    for (const forged of [
      url.replace('response-content-type=text%2Fplain', 'response-content-type=text%2Fhtml'),
      url.replace('atc_down', 'atc_down.preview'),
      url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'),
      url.split('?')[0] ?? '',
    ]) {
      expect((await fetch(forged)).status).toBe(403);
    }
    expect(await direct().downloadUrl('atc_none', 'preview', facts)).toBeUndefined();
  });
}

describe('files in an object store', () => {
  const server = duringSuite(startS3Server, (started) => started.close());
  const dataDir = temporaryFolder('files-s3-');
  const open = () => createAttachmentFiles({ dataDir, s3: s3StoreOf(server), direct: true });
  filesContract(open);
  directContract(open);

  it('cannot be sent or got by a URL that has expired', async () => {
    const target = await open().direct?.uploadTarget('atc_late', 1);
    server.turnClock(901_000);
    const late = await fetch(String(target?.url), { method: 'PUT', body: 'x' });
    server.turnClock(-901_000);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('AccessDenied') as string]);
    expect((await fetch(String(target?.url), { method: 'PUT', body: 'x' })).status).toBe(200);
  });

  it('are unavailable, and not absent, while the store fails', async () => {
    server.fail(10);
    await expect(open().read('atc_a')).rejects.toMatchObject({ code: 'service.unavailable' });
    server.fail(0);
  });

  it.each([
    ['a bucket that is not there', { bucket: 'other' }, /S3_BUCKET: there is no bucket "other" at http/],
    ['a wrong secret', { secretAccessKey: 'wrong' }, /S3_SECRET_ACCESS_KEY: http.* refuses this key for the bucket/],
    ['a wrong key', { accessKeyId: 'wrong' }, /S3_ACCESS_KEY_ID.*refuses this key/],
    ['a store that is not there', { endpoint: 'http://127.0.0.1:9' }, /S3_ENDPOINT: .* cannot be reached/],
  ])('say what is wrong with %s', async (_, wrong, problem) => {
    const s3 = { ...s3StoreOf(server), ...wrong };
    await expect(createAttachmentFiles({ dataDir, s3, direct: true }).check()).rejects.toThrow(problem);
  });
});

describe('an object store behind a proxy', () => {
  const server = duringSuite(startS3Server, (started) => started.close());
  const dataDir = temporaryFolder('files-proxy-');
  const started: { close(): unknown }[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(started.splice(0).map((one) => one.close()));
  });
  const proxied = async (answer?: Parameters<typeof startLocalProxy>[0]) => {
    const proxy = await startLocalProxy(answer);
    started.push(proxy);
    return proxy;
  };
  /** As the processes read the environment. */
  const opened = (endpoint: string) => {
    const { credentials, bucket } = server;
    const s3 = s3Settings({
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_REGION: credentials.region,
      S3_ACCESS_KEY_ID: credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    return createAttachmentFiles({ dataDir, s3, direct: true });
  };
  const stored = async (endpoint: string, id: string) => {
    const files = opened(endpoint);
    const staged = await files.stage(id, Readable.from([Buffer.from('bytes')]), 100);
    await staged.prepare();
    await staged.keep({});
    const file = await files.read(id);
    return file && text(file.stream);
  };
  /** The store by TLS. */
  const secure = async (): Promise<string> => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { port } = new URL(server.endpoint);
    const tls = createTlsServer(selfSigned(), (socket) => {
      const plain = net.connect(Number(port), '127.0.0.1');
      socket.pipe(plain).pipe(socket);
      socket.on('error', () => plain.destroy());
      plain.on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(tls, 'listening');
    started.push({ close: () => void tls.close() });
    return `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
  };

  it.each([
    ['https, by a tunnel for all', 'HTTPS_PROXY', secure, 'CONNECT'],
    ['http', 'HTTP_PROXY', async () => server.endpoint, 'PUT'],
  ])('is reached through it: %s', async (_, variable, endpointOf, method) => {
    const [proxy, endpoint] = [await proxied(), await endpointOf()];
    vi.stubEnv(variable, proxy.url.replace('//', '//me:word@'));
    vi.stubEnv('NO_PROXY', 'elsewhere.example');
    expect(await stored(endpoint, `atc_${method}`)).toBe('bytes');
    expect(proxy.requests[0]?.line).toMatch(new RegExp(`^${method} `));
    expect(proxy.requests[0]?.authorization).toBe(`Basic ${Buffer.from('me:word').toString('base64')}`);
  });

  it.each([
    ['https', 'HTTPS_PROXY', secure],
    ['http', 'ALL_PROXY', async () => server.endpoint],
  ])('is reached without it where NO_PROXY has its host: %s', async (scheme, variable, endpointOf) => {
    const [proxy, endpoint] = [await proxied(403), await endpointOf()];
    vi.stubEnv(variable, proxy.url);
    await expect(opened(endpoint).check()).rejects.toThrow(/S3_/);
    expect(proxy.requests.length).toBeGreaterThan(0);
    const before = proxy.requests.length;
    vi.stubEnv('NO_PROXY', 'elsewhere.example,127.0.0.1');
    expect(await stored(endpoint, `atc_direct_${scheme}`)).toBe('bytes');
    expect(proxy.requests).toHaveLength(before);
  });

  it('is not blamed for what the proxy refuses', async () => {
    const proxy = await proxied(407);
    vi.stubEnv('HTTPS_PROXY', proxy.url.replace('//', '//me:s3cret-word@'));
    const error: Error = await opened('https://store.invalid')
      .check()
      .then(
        () => new Error('no error'),
        (thrown: Error) => thrown,
      );
    expect(error.message).toBe(
      `S3_ENDPOINT: https://store.invalid, through the proxy ${proxy.host}, cannot be reached`,
    );
    expect(String(error.cause)).toContain('CONNECT with 407');
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret-word');
  });
});

describe.skipIf(!VERSITY_GATEWAY)('files in a Versity S3 gateway (VERSITYGW_PATH)', () => {
  const server = duringSuite(startVersityGateway, (started) => started.close());
  const dataDir = temporaryFolder('files-versity-');
  const open = () => createAttachmentFiles({ dataDir, s3: s3StoreOf(server), direct: true });
  filesContract(open);
  directContract(open);
});
