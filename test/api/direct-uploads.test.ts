import { expect, it } from 'vitest';
import { pictureOf } from '#media/testing';
import { deltasOf, input, post, postJson, threadIdOf, until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { useProvider } from '../support/provider.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { startS3Server } from '../support/s3/s3-server.js';
import { ask } from './auth/ask.js';

const PNG = new Uint8Array(await pictureOf({ width: 2, height: 2 }).png().toBuffer());
const ADMIN_TOKEN = 'test-admin-token-0123456789';

const s3 = duringSuite(startS3Server, (started) => started.close());
const provider = useProvider();
const relay = useRelay('postgres', () => ({
  provider,
  variables: {
    ADMIN_TOKEN,
    S3_ENDPOINT: s3.endpoint,
    S3_BUCKET: s3.bucket,
    S3_REGION: s3.credentials.region,
    S3_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
  },
}));

interface Announced {
  readonly id: string;
  readonly upload_descriptor: { readonly url: string; readonly method: string };
}

const announce = (user: string, name: string, mime_type: string, { length: size }: { readonly length: number }) =>
  postJson<Announced>(relay.url, { type: 'attachments.create', params: { name, mime_type, size } }, { user });

/** As a browser does it: the relay sees nothing of it. */
const send = async ({ upload_descriptor: target }: Announced, body: string | Uint8Array<ArrayBuffer>) =>
  (await fetch(target.url, { method: target.method, body })).status;

const admin = async (path: string, method: string, body?: unknown) =>
  (
    await ask(relay.url, `/admin/api/${path}`, {
      method,
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    })
  ).json;
const remainsOf = async (...texts: string[]) => (await admin('remains', 'POST', { texts }))['data'];
const objectsOf = (...ids: string[]) => [...s3.objects.keys()].filter((key) => ids.some((id) => key.includes(id)));

/** A turn about a file that only the store has seen. */
async function turnAbout(user: string, { id }: Announced) {
  await provider.script([{ text: 'Seen.' }]);
  const params = { input: { ...input('Look'), attachments: [id] } };
  const answer = await post(relay.url, { type: 'threads.create', params }, { user });
  expect(deltasOf(answer.events).join('')).toBe('Seen.');
  return { threadId: threadIdOf(answer), prompt: JSON.stringify((await provider.calls())[0]?.input) };
}

it('what was sent to the object store is taken from there once, however many ask for it', async () => {
  const attachment = await announce('ada', 'plan.png', 'image/png', PNG);
  const { id } = attachment;
  expect(await send(attachment, PNG)).toBe(200);
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const headers = { [USER_HEADER]: 'ada' };
      return (await fetch(`${relay.url}/files/${id}`, { headers, redirect: 'manual' })).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([302]));
  const taken = s3.requests.filter((line) => line === `GET /${s3.bucket}/uploads/${id}`);
  // A request that read the record before, and looked after the file was taken, finds nothing there.
  expect(taken.length).toBeLessThan(10);
  expect(s3.requests.filter((line) => line.startsWith(`PUT /${s3.bucket}/attachments/${id}`))).toHaveLength(1);
});

it('a turn reads from the store what was sent there, and its thread takes the file along', async () => {
  const text = 'The harbour opens at six.';
  const attachment = await announce('bob', 'hours.txt', 'text/plain', text);
  expect(await send(attachment, text)).toBe(200);
  const { threadId, prompt } = await turnAbout('bob', attachment);
  expect(prompt).toContain(text);
  expect(objectsOf(attachment.id)).toEqual([`attachments/${attachment.id}`]);
  await postJson(relay.url, { type: 'threads.delete', params: { thread_id: threadId } }, { user: 'bob' });
  await until('the object is deleted', 20_000, async () => objectsOf(attachment.id).length === 0);
});

it.each([
  ['spaces, a plus and a percent sign', 'a + b 100%25 %2F.txt'],
  ['other scripts', 'Übersicht 文😀 \u202Egpj.txt'],
  ['what means something in a header', `it's "x"; filename=(y)*&z=1.txt`],
  ['a new line', 'a\r\nset-cookie: b=c.txt'],
  ['a path', '../../attachments/..\\other?x=1#y.txt'],
])('a name with %s is in no key, and is that of the download', async (_, name) => {
  const text = 'The harbour opens at six.';
  const attachment = await announce('fay', name, 'text/plain', text);
  expect(attachment.upload_descriptor.url).toContain(`/uploads/${attachment.id}?`);
  expect(await send(attachment, text)).toBe(200);
  const download = await fetch(`${relay.url}/files/${attachment.id}`, { headers: { [USER_HEADER]: 'fay' } });
  expect([new URL(download.url).origin, download.status, await download.text()]).toEqual([s3.endpoint, 200, text]);
  const [, encoded = ''] = download.headers.get('content-disposition')?.split("attachment; filename*=UTF-8''") ?? [];
  expect(encoded).toMatch(/^[\w.!~%-]+$/);
  expect(decodeURIComponent(encoded)).toBe(name);
  expect(objectsOf(attachment.id)).toEqual([`attachments/${attachment.id}`]);
});

it('an erasure finds what was sent and never used, and what is sent after it is swept', async () => {
  const [used, unused, late] = await Promise.all(
    ['used', 'unused', 'late'].map((name) => announce('eve', `${name}.png`, 'image/png', PNG)),
  );
  if (!used || !unused || !late) throw new Error('three were announced');
  const ids = [used.id, unused.id, late.id];
  expect([await send(used, PNG), await send(unused, PNG)]).toEqual([200, 200]);
  await turnAbout('eve', used);
  // As a process leaves it that is killed while it looks at an upload.
  const bytes = { bytes: Buffer.from(PNG), type: 'image/png', modifiedAt: new Date() };
  s3.objects.set(`uploads/${unused.id}.0123456789ab`, bytes);
  expect(await remainsOf(...ids)).toEqual(
    expect.arrayContaining([used, unused].map(({ id: name }) => ({ where: 'files', name, count: 1 }))),
  );
  expect(await admin('user-data?user=eve', 'DELETE')).toMatchObject({ threads: 1, attachments: 3 });
  expect([objectsOf(...ids), await remainsOf(...ids)]).toEqual([[], []]);

  expect(await send(late, PNG)).toBe(200);
  expect(await remainsOf(...ids)).toEqual([{ where: 'files', name: late.id, count: 1 }]);
  // Somebody else's upload, which a message may still be sent with.
  const open = await announce('ada', 'open.png', 'image/png', PNG);
  await send(open, PNG);
  for (const { id } of [late, open]) {
    const object = s3.objects.get(`uploads/${id}`);
    if (object) object.modifiedAt = new Date(Date.now() - 11 * 60_000);
  }
  // A worker looks there at its start, and every five minutes.
  await relay.startWorker();
  await until('the object is swept', 30_000, async () => objectsOf(late.id).length === 0);
  expect(await remainsOf(...ids)).toEqual([]);
  expect(objectsOf(open.id)).toEqual([`uploads/${open.id}`]);
}, 60_000);
