import { describe, expect, it } from 'vitest';
import { deltasOf, input, post, postJson, threadIdOf, until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { useProvider } from '../support/provider.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { startVersityGateway, VERSITY_GATEWAY } from '../support/s3/versity-gateway.js';

const TEXT = 'The harbour opens at six.';
const FILE = { name: 'Öffnungszeiten “neu”.txt', mime_type: 'text/plain', size: TEXT.length };

describe.skipIf(!VERSITY_GATEWAY)('with the Versity S3 gateway (VERSITYGW_PATH), a browser', () => {
  const gateway = duringSuite(startVersityGateway, (started) => started.close());
  const provider = useProvider();
  const relay = useRelay('postgres', () => ({
    provider,
    variables: {
      S3_ENDPOINT: gateway.endpoint,
      S3_BUCKET: gateway.bucket,
      S3_REGION: gateway.credentials.region,
      S3_ACCESS_KEY_ID: gateway.credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: gateway.credentials.secretAccessKey,
    },
  }));
  const headers = { [USER_HEADER]: 'ada' };

  it('sends a file to the store, a turn reads it there, and a link to it ends with its thread', async () => {
    const announced = await postJson<{ id: string; upload_descriptor: { url: string; method: string } }>(relay.url, {
      type: 'attachments.create',
      params: FILE,
    });
    const { id, upload_descriptor: target } = announced;
    expect(new URL(target.url).origin).toBe(gateway.endpoint);
    const forged = target.url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=_');
    expect((await fetch(forged, { method: target.method, body: TEXT })).status).toBe(403);
    expect((await fetch(target.url, { method: target.method, body: TEXT })).status).toBe(200);

    await provider.script([{ text: 'Seen.' }]);
    const params = { input: { ...input('Look'), attachments: [id] } };
    const turn = await post(relay.url, { type: 'threads.create', params });
    expect(deltasOf(turn.events).join('')).toBe('Seen.');
    expect(JSON.stringify((await provider.calls())[0]?.input)).toContain(TEXT);

    const { status, headers: answered } = await fetch(`${relay.url}/files/${id}`, { headers, redirect: 'manual' });
    expect(status).toBe(302);
    const link = String(answered.get('location'));
    const file = await fetch(link);
    expect([file.status, await file.text()]).toEqual([200, TEXT]);
    expect(file.headers.get('content-disposition')).toMatch(/^(attachment|inline);/);
    expect((await fetch(link.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'))).status).toBe(403);

    await postJson(relay.url, { type: 'threads.delete', params: { thread_id: threadIdOf(turn) } });
    await until('the object is deleted', 20_000, async () => (await fetch(link)).status === 404);
  }, 60_000);
});
