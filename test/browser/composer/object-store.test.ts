import { describe, expect, it } from 'vitest';
import { pdfOf, pictureOf } from '#media/testing';
import { until } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { duringSuite } from '../../support/during-suite.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { startS3Server } from '../../support/s3/s3-server.js';
import { newVisit } from '../chat-page.js';
import { ComposerPage, CONFIG, isLoaded } from './composer-page.js';

describe.skipIf(chromiumMissing)('files of the composer in an object store', () => {
  const browser = useChromium();
  const provider = useProvider();
  const store = duringSuite(
    () => startS3Server(),
    (server) => server.close(),
  );
  const relay = useRelay('postgres', () => ({
    variables: {
      AUTH_MODE: 'none',
      CHATKIT_CONFIG: CONFIG,
      OPENAI_URL: provider.url,
      UPLOAD: 'two_phase',
      S3_ENDPOINT: store.endpoint,
      S3_BUCKET: store.bucket,
      S3_REGION: store.credentials.region,
      S3_ACCESS_KEY_ID: store.credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: store.credentials.secretAccessKey,
    },
  }));

  it('go there without passing through the server, and are shown from there', async () => {
    const visit = await newVisit(browser, relay.url);
    const chat = await new ComposerPage(visit.page).open();
    await provider.script([{ text: 'Seen.' }]);
    const buffer = await pictureOf({ width: 600, height: 400 }).png().toBuffer();
    await chat.attachReady({ name: 'cat.png', mimeType: 'image/png', buffer });
    const uploads = store.requests.filter((request) => request.startsWith('PUT /attached/uploads/'));
    expect(uploads).toHaveLength(1);
    await chat.ask('Look');
    expect(JSON.stringify((await provider.calls())[0]?.input)).toContain('input_image');

    await visit.page.reload();
    const shown = chat.sentFiles.locator('img');
    await shown.waitFor();
    await until('the thumbnail', 5_000, () => isLoaded(shown));
    expect(new Set(visit.foreign.map((address) => new URL(address).origin))).toEqual(new Set([store.endpoint]));
    expect(visit.problems).toEqual([]);
    await visit.context.close();
  });

  it('are taken back with the message if what is there is not what it seems', async () => {
    const visit = await newVisit(browser, relay.url);
    const chat = await new ComposerPage(visit.page).open();
    const damaged = pdfOf(['Opening hours']).subarray(0, 60);
    await chat.attachReady({ name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from(damaged) });
    await chat.send('Read it');
    await visit.page.getByRole('alert').getByText('broken.pdf').first().waitFor();
    expect(await chat.field.inputValue()).toBe('Read it');
    await visit.page.getByRole('button', { name: 'Remove broken.pdf' }).click();
    const names = 'SELECT name FROM attachments WHERE name = $1';
    await until('it is deleted', 5_000, async () => (await relay.query(names, ['broken.pdf'])).length === 0);
    expect(visit.problems.join()).toContain('422');
    await visit.context.close();
  });

  it('that the store does not take are said to be so, and leave nothing behind', async () => {
    const visit = await newVisit(browser, relay.url);
    const chat = await new ComposerPage(visit.page).open();
    await visit.page.route(/\/attached\/uploads\//, (route) =>
      route.fulfill({ status: 503, body: '<Error/>', headers: { 'access-control-allow-origin': '*' } }),
    );
    await chat.attach({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await visit.page.getByText('The server did not take this file.').waitFor();
    expect(await chat.files.count()).toBe(1);
    const names = 'SELECT name FROM attachments WHERE name = $1';
    await until('it is deleted', 5_000, async () => (await relay.query(names, ['a.txt'])).length === 0);
    await visit.context.close();
  });
});
