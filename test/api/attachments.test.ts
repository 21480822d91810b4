import http from 'node:http';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { input, post, postJson, threadIdOf, until } from '../support/chat.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { everything } from './support/seed.js';
import { BMP, HEIC, pdfOf, pictureOf } from '#media/testing';
import { temporaryFolder } from '../support/temporary-folder.js';

interface WireAttachment {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly mime_type: string;
  readonly preview_url?: string;
  readonly upload_descriptor?: { readonly url: string; readonly method: string; readonly headers: object };
}

const MB = 1024 * 1024;
const PNG = await pictureOf({ width: 2, height: 2 }).png().toBuffer();
/** A few kilobytes that would be 243 MB of pixels. */
const HUGE = await pictureOf({ width: 9000, height: 9000 }).png({ compressionLevel: 9 }).toBuffer();

const announce = (name: string, mimeType: string, size = PNG.length) => ({
  type: 'attachments.create',
  params: { name, mime_type: mimeType, size },
});
const remove = (id: string) => ({ type: 'attachments.delete', params: { attachment_id: id } });
const asUser = (user: string, headers: Record<string, string> = {}) => ({ [USER_HEADER]: user, ...headers });

function form(bytes: Buffer, name: string, type: string, field = 'file'): FormData {
  const data = new FormData();
  data.append('note', 'before the file');
  data.append(field, new Blob([new Uint8Array(bytes)], { type }), name);
  return data;
}

const pathOf = ({ upload_descriptor: descriptor }: WireAttachment) => new URL(descriptor?.url ?? '').pathname;
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

describe('attachments', () => {
  const folder = temporaryFolder('attachments-');
  // What an API that was killed in the middle of an upload has left: the next one removes it when it starts.
  const abandoned = join(folder, 'attachments', 'atc_dead.0123456789ab.part');
  mkdirSync(join(folder, 'attachments'));
  writeFileSync(abandoned, 'half');
  utimesSync(abandoned, new Date(0), new Date(0));
  const relay = useRelay('postgres', { workers: 0, variables: { DATA_DIR: folder } });

  const send = (path: string, init: RequestInit & { user?: string } = {}) => {
    const { user = 'ada', headers, ...rest } = init;
    return fetch(relay.url + path, { ...rest, headers: asUser(user, headers as Record<string, string>) });
  };
  const created = (name = 'plan.png', type = 'image/png') => postJson<WireAttachment>(relay.url, announce(name, type));
  const onDisk = () => readdirSync(join(folder, 'attachments'));
  const add = async (bytes: Buffer, name: string, type: string) => {
    const answer = await send('/files', { method: 'POST', body: form(bytes, name, type) });
    return { status: answer.status, body: (await answer.json()) as WireAttachment & { error?: object } };
  };
  const signed = (path: string): string =>
    expect.stringMatching(`^${relay.url}${path}\\?tenant=default&expires=\\d{10}&signature=[\\w-]{43}$`) as string;
  const rendition = (id: string) => readFileSync(join(folder, 'attachments', `${id}.model`));

  it('what a killed API has left of uploads is removed', async () => {
    await expect.poll(() => existsSync(abandoned), { timeout: 10_000 }).toBe(false);
  });

  it.each([
    ['PUT', 'as it is', { body: new Uint8Array(PNG), headers: { 'content-type': 'image/png' } }],
    ['POST', 'as it is', { body: new Uint8Array(PNG) }],
    ['PUT', 'in a form', { body: form(PNG, 'other.png', 'image/png') }],
    ['POST', 'in a form', { body: form(PNG, 'other.png', 'image/png', 'upload') }],
  ])('in two phases, by %s, %s (AT-1 to AT-3)', async (method, _, init) => {
    const attachment = await created();
    expect(attachment).toEqual({
      id: expect.stringMatching(/^atc_/) as string,
      type: 'image',
      name: 'plan.png',
      mime_type: 'image/png',
      preview_url: signed(`/files/${attachment.id}/preview`),
      upload_descriptor: { url: signed(`/files/${attachment.id}`), method: 'PUT', headers: {} },
    });
    expect((await send(`/files/${attachment.id}`)).status).toBe(404);

    const uploaded = await send(pathOf(attachment), { method, ...init });
    expect(uploaded.status).toBe(200);
    const { upload_descriptor: _descriptor, ...done } = attachment;
    expect(await uploaded.json()).toEqual(done);

    const download = await send(`/files/${attachment.id}`);
    expect(download.status).toBe(200);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(PNG);
    expect(Object.fromEntries(download.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(PNG.length),
      'content-disposition': "inline; filename*=UTF-8''plan.png",
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });

    const again = await send(pathOf(attachment), { method: 'PUT', body: 'something else' });
    expect([again.status, await codeOf(again)]).toEqual([409, 'attachment.already_uploaded']);
    expect((await (await send(`/files/${attachment.id}`)).arrayBuffer()).byteLength).toBe(PNG.length);
    const file = statSync(join(folder, 'attachments', attachment.id));
    expect(file.mode & 0o777).toBe(0o600);
    const [row] = await relay.query('SELECT payload, size FROM attachments WHERE id = $1', [attachment.id]);
    // Where it is, and no link, which would expire.
    expect(row).toEqual({ payload: { preview_url: `/files/${attachment.id}/preview` }, size: String(PNG.length) });
  });

  it('in one, as a form or as bytes; what is no harmless picture is saved rather than shown', async () => {
    const name = 'Zürich "1"\u2028.html';
    const html = Buffer.from('<script>alert(1)</script>');
    const answer = await send('/files', { method: 'POST', body: form(html, name, 'text/html') });
    expect(answer.status).toBe(200);
    const attachment = (await answer.json()) as WireAttachment;
    expect(attachment).toMatchObject({ type: 'file', mime_type: 'text/html' });
    expect(Object.keys(attachment).toSorted()).toEqual(['id', 'mime_type', 'name', 'type']);
    const download = await send(`/files/${attachment.id}`);
    expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''Z%C3%BCrich/);
    expect(await download.text()).toBe(html.toString());

    const raw = await send('/files', {
      method: 'POST',
      body: new Uint8Array(PNG),
      headers: { 'content-type': 'image/png' },
    });
    expect(await raw.json()).toMatchObject({ type: 'image', name: 'file', preview_url: expect.any(String) as string });
  });

  it.each([
    ['quotes', 'a"b".txt', 'a"b".txt'],
    ['percent signs', '100%25 %2.txt', '100%25 %2.txt'],
    ['line breaks', 'two\nlines.txt', 'two\r\nlines.txt'],
    ['backslashes', 'a\\b.txt', 'a\\b.txt'],
    ['too many characters', `${'x'.repeat(254)}😀.txt`, `${'x'.repeat(251)}.txt`],
  ])('has the name that it had at home, with %s, in the message and in its download as well', async (_, name, kept) => {
    const sent = await send('/files', { method: 'POST', body: form(PNG, name, 'image/png') });
    const { id, name: stored } = (await sent.json()) as WireAttachment;
    const named = [kept, kept.replace('\r', '')];
    expect(named).toContain(stored);
    const disposition = (await send(`/files/${id}`)).headers.get('content-disposition') ?? '';
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe(stored);
    const params = { input: { ...input('See'), attachments: [id] } };
    const leave = {
      onEvents: (events: readonly unknown[], request: http.ClientRequest) => events.length >= 3 && request.destroy(),
    };
    const message = await post(relay.url, { type: 'threads.create', params }, leave);
    expect(message.events[1]?.['item']).toMatchObject({ attachments: [{ id, name: stored }] });
    const announced = await created(name.replaceAll('\n', ' '));
    expect(announced.name).toBe(kept.replaceAll('\r\n', ' '));
  });

  it.each([
    [`filename*=UTF-8''${encodeURIComponent('a%22b; 100%25 文😀.txt')}`, 'a%22b; 100%25 文😀.txt'],
    [`filename="x.txt"; filename*=utf-8''${encodeURIComponent('文'.repeat(254))}.txt`, `${'文'.repeat(251)}.txt`],
    ['filename="a%22b; c=%2525.txt"', 'a"b; c=%2525.txt'],
  ])('has the name that a client wrote into its form: %s', async (written, kept) => {
    const head = `--x\r\nContent-Disposition: form-data; name="file"; ${written}\r\nContent-Type: text/plain\r\n\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const sent = await send('/files', { method: 'POST', body: `${head}notes\r\n--x--\r\n`, headers });
    const { id, name } = (await sent.json()) as WireAttachment;
    expect(name).toBe(kept);
    const download = await send(`/files/${id}`);
    expect(decodeURIComponent(download.headers.get('content-disposition')?.split("''")[1] ?? '')).toBe(kept);
    expect(await download.text()).toBe('notes');
  });

  it.each([
    ['/home/ada/plan.txt', 'plan.txt'],
    ['C:\\fakepath\\plan.txt', 'plan.txt'],
    ['..\\..\\plan.txt', 'plan.txt'],
    ['..', 'file'],
  ])('has no directories in its name: %s', async (name, kept) => {
    const sent = await send('/files', { method: 'POST', body: form(PNG, name, 'image/png') });
    expect(await sent.json()).toMatchObject({ name: kept });
  });

  it('is copied into the message that it is sent with, and outlives its own deletion there (AT-4, AT-7)', async () => {
    const attachment = await created('notes.txt', 'text/plain');
    await send(pathOf(attachment), { method: 'PUT', body: 'notes' });
    const message = () => ({
      type: 'threads.create',
      params: { input: { ...input('See'), attachments: [attachment.id] } },
    });
    const sent = await post(relay.url, message(), {
      headers: { 'chatkit-relay-client': 'test' },
      onEvents: (events, request) => events.length >= 3 && request.destroy(),
    });
    const { upload_descriptor: _descriptor, ...snapshot } = attachment;
    expect(sent.events[1]?.['item']).toMatchObject({
      attachments: [{ ...snapshot, thread_id: expect.any(String) as string }],
    });
    expect(JSON.stringify(sent.events)).not.toContain('upload_descriptor');
    expect((await post(relay.url, remove(attachment.id))).raw).toBe('{}');
    expect(onDisk()).not.toContain(attachment.id);
    for (const again of [remove(attachment.id), message()]) expect((await post(relay.url, again)).status).toBe(404);
    const [row] = await relay.query(`SELECT payload FROM items WHERE type = 'user_message' ORDER BY created_at DESC`);
    expect(row).toMatchObject({ payload: { attachments: [{ id: attachment.id }] } });
  });

  it('goes with the thread that it was sent to, at once, by every address', async () => {
    const { status, body } = await add(Buffer.from('private'), 'private.txt', 'text/plain');
    expect(status).toBe(200);
    const params = { input: { ...input('See'), attachments: [body.id] } };
    const sent = await post(
      relay.url,
      { type: 'threads.create', params },
      {
        headers: { 'chatkit-relay-client': 'test' },
        onEvents: (events, request) => events.length >= 3 && request.destroy(),
      },
    );
    const addresses = [`/files/${body.id}`, `/files/${body.id}?view=model`, `/files/${body.id}/preview`];
    expect((await send(`/files/${body.id}`)).status).toBe(200);
    const removal = { type: 'threads.delete', params: { thread_id: threadIdOf(sent) } };
    expect((await post(relay.url, removal)).status).toBe(200);
    for (const address of addresses)
      for (const method of ['GET', 'HEAD']) expect((await send(address, { method })).status).toBe(404);
    await expect.poll(() => onDisk().filter((name) => name.startsWith(body.id))).toEqual([]);
  });

  it('is nobody else’s: not to be read, filled, used or deleted (AT-8)', async () => {
    const attachment = await created();
    const path = pathOf(attachment);
    const before = await everything(relay);
    const foreign = await Promise.all([
      send(path, { user: 'bob', method: 'PUT', body: 'forged' }),
      send(path, { user: 'bob' }),
    ]);
    expect(foreign.map(({ status }) => status)).toEqual([404, 404]);
    expect((await post(relay.url, remove(attachment.id), { user: 'bob' })).status).toBe(404);
    const params = { input: { ...input('Mine'), attachments: [attachment.id] } };
    expect((await post(relay.url, { type: 'threads.create', params }, { user: 'bob' })).status).toBe(404);
    for (const [method, where] of [
      ['GET', path],
      ['PUT', path],
      ['POST', '/files'],
    ] as const) {
      const init = { method, ...(method !== 'GET' && { body: 'x' }), headers: { [USER_HEADER]: '' } };
      expect((await fetch(relay.url + where, init)).status).toBe(401);
    }
    expect(await everything(relay)).toEqual(before);
    expect(onDisk().filter((file) => file.includes(attachment.id))).toEqual([]);
    expect((await send(path, { method: 'PUT', body: new Uint8Array(PNG) })).status).toBe(200);
    expect((await send(path, { user: 'bob' })).status).toBe(404);
  });

  it.each(['../attachments', '..%2f..%2fetc%2fpasswd', 'atc_%00', 'atc_none', 'atc_none.part'])(
    'has no id like %s',
    async (id) => {
      for (const method of ['GET', 'PUT'] as const) {
        const answer = await send(`/files/${id}`, { method, ...(method === 'PUT' && { body: 'x' }) });
        expect([400, 404]).toContain(answer.status);
      }
    },
  );

  it('may not be larger than 20 MB: not announced, not sent with its length, not sent without it', async () => {
    const before = await everything(relay);
    const announced = await post(relay.url, announce('big.bin', 'application/zip', 20 * MB + 1));
    expect([announced.status, JSON.parse(announced.raw).error.code]).toEqual([413, 'attachment.too_large']);
    const bytes = Buffer.alloc(20 * MB + 1);
    const tooBig = Buffer.alloc(22 * MB);
    const attempts = [
      { body: new Uint8Array(tooBig) },
      { body: new Uint8Array(bytes) },
      { body: form(bytes, 'big.bin', 'application/zip') },
      { body: new Blob([bytes]).stream(), duplex: 'half' as const },
    ];
    for (const init of attempts) {
      const answer = await send('/files', { method: 'POST', ...init });
      expect([answer.status, await codeOf(answer)]).toEqual([413, 'attachment.too_large']);
    }
    expect(await everything(relay)).toEqual(before);
    expect(onDisk().filter((file) => file.endsWith('.part'))).toEqual([]);
    const whole = await send('/files', { method: 'POST', body: new Uint8Array(bytes.subarray(1)) });
    expect(whole.status).toBe(200);
  });

  it('of ten uploads at once keeps one', async () => {
    const attachment = await created('race.txt', 'text/plain');
    const texts = Array.from({ length: 10 }, (_, n) => `upload ${n}`);
    const answers = await Promise.all(texts.map((body) => send(pathOf(attachment), { method: 'PUT', body })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(409)]);
    const winner = texts[answers.findIndex(({ status }) => status === 200)];
    expect(await (await send(`/files/${attachment.id}`)).text()).toBe(winner);
    expect(onDisk().filter((file) => file.startsWith(`${attachment.id}.`))).toEqual([]);
  });

  it('a broken upload leaves nothing, and may be sent again', async () => {
    const attachment = await created('long.txt', 'text/plain');
    const before = onDisk();
    const { port } = new URL(relay.url);
    const headers = asUser('ada', { 'content-length': '1000' });
    const request = http.request({ port, path: pathOf(attachment), method: 'PUT', headers });
    request.on('error', () => undefined);
    request.write('the beginning');
    await until('the bytes are on their way', 5_000, async () => onDisk().length > before.length);
    request.destroy();
    await until('the rest is gone', 5_000, async () => onDisk().length === before.length);
    expect((await send(`/files/${attachment.id}`)).status).toBe(404);
    expect((await send(pathOf(attachment), { method: 'PUT', body: 'all of it' })).status).toBe(200);
  });

  describe('its type is what its bytes are', () => {
    it.each([
      [
        'a picture that is sent as anything',
        PNG,
        'application/octet-stream',
        { type: 'image', mime_type: 'image/png' },
      ],
      [
        'a text that is called a video',
        Buffer.from('let a = 1;'),
        'video/mp2t',
        { type: 'file', mime_type: 'text/plain' },
      ],
      ['a PDF that is called a text', pdfOf(['a']), 'text/plain', { type: 'file', mime_type: 'application/pdf' }],
      ['an empty file', Buffer.alloc(0), 'text/plain', { type: 'file', mime_type: 'application/octet-stream' }],
    ])('%s', async (_, bytes, type, expected) => {
      const { status, body } = await add(bytes, 'a', type);
      expect({ status, ...body }).toMatchObject({ status: 200, ...expected });
      const announced = await created('a', type);
      const uploaded = await send(pathOf(announced), { method: 'PUT', body: new Uint8Array(bytes) });
      expect(await uploaded.json()).toMatchObject({ id: announced.id, ...expected });
      const [row] = await relay.query('SELECT type, mime_type FROM attachments WHERE id = $1', [announced.id]);
      expect(row).toEqual(expected);
    });

    it('a picture that no vendor takes is stored as it is, and beside it as one that they take', async () => {
      const { body } = await add(HEIC, 'IMG_0001.HEIC', 'image/heic');
      expect(body).toMatchObject({ type: 'image', mime_type: 'image/heic' });
      expect([...rendition(body.id).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      expect((await (await send(`/files/${body.id}`)).arrayBuffer()).byteLength).toBe(HEIC.length);
      await post(relay.url, remove(body.id));
      expect(onDisk().filter((file) => file.startsWith(body.id))).toEqual([]);
    });

    it.each([
      ['of a type that no model takes', 415, 'attachment.unsupported', /^a.png: Models take no BMP/, BMP],
      ['that is none', 422, 'attachment.unreadable', /^a.png: This is not a picture/, Buffer.from('Hello')],
      ['that is empty', 422, 'attachment.unreadable', /^a.png: This is not a picture/, Buffer.alloc(0)],
      ['of too many pixels', 413, 'attachment.too_large', /^a.png: .* at most 64 million/, HUGE],
    ])('a picture %s is refused, and nothing of it is left', async (_, status, code, message, bytes) => {
      const before = [await everything(relay), onDisk()];
      const refused = await add(bytes, 'a.png', 'image/png');
      const error = { code, message: expect.stringMatching(message) as string };
      expect(refused).toEqual({ status, body: { error } });
      expect([await everything(relay), onDisk()]).toEqual(before);
    });

    it('a picture that is cut is accepted, as the picture that it was', async () => {
      const { status, body } = await add(PNG.subarray(0, 60), 'a.png', 'image/png');
      expect([status, body.type, body.mime_type]).toEqual([200, 'image', 'image/png']);
      expect(onDisk().filter((file) => file.startsWith(body.id))).toHaveLength(1);
    });

    it('a refused upload may be replaced by a better one', async () => {
      const announced = await created();
      const put = (body: Buffer) => send(pathOf(announced), { method: 'PUT', body: new Uint8Array(body) });
      expect((await put(BMP)).status).toBe(415);
      expect((await send(`/files/${announced.id}`)).status).toBe(404);
      expect((await put(PNG)).status).toBe(200);
    });

    it('a damaged PDF is refused, in the built process, where a thread reads it', async () => {
      const refused = await add(pdfOf(['Some text']).subarray(0, 120), 'a.pdf', 'application/pdf');
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'attachment.unreadable' } } });
    });
  });

  it('refuses a form without a file', async () => {
    const data = new FormData();
    data.append('note', 'nothing here');
    const answer = await send('/files', { method: 'POST', body: data });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'request.invalid']);
  });
});

/** What a preflight and a request of another origin are allowed. */
async function allowedOrigins(base: string, origin: string): Promise<(string | null)[]> {
  const preflight = { origin, 'access-control-request-method': 'PUT' };
  const asked = await fetch(`${base}/files/atc_1`, { method: 'OPTIONS', headers: preflight });
  const sent = await fetch(`${base}/files/atc_1`, { headers: asUser('ada', { origin }) });
  return [asked, sent].map(({ headers }) => headers.get('access-control-allow-origin'));
}

describe('with a public address', () => {
  const variables = { PUBLIC_URL: 'https://chat.example.com/relay/', CORS_ORIGINS: 'https://app.example.com' };
  const relay = useRelay('postgres', { workers: 0, variables });

  it('attachments are there', async () => {
    const attachment = await postJson<WireAttachment>(relay.url, announce('a.png', 'image/png'));
    const address = `https://chat.example.com/relay/files/${attachment.id}`;
    const { preview_url: preview, upload_descriptor: target } = attachment;
    expect([preview, target?.url].map((url) => url?.split('?')[0])).toEqual([`${address}/preview`, address]);
  });

  it('a page of another origin may upload, if it is on the list', async () => {
    expect(await allowedOrigins(relay.url, 'https://app.example.com')).toEqual(
      Array(2).fill('https://app.example.com'),
    );
    expect(await allowedOrigins(relay.url, 'https://evil.example.com')).toEqual([null, null]);
  });
});
