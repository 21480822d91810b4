import { describe, expect, it as base } from 'vitest';
import { pdfOf, pictureOf } from '#media/testing';
import { until } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { engineKinds } from '../../support/engines.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { assertAccessible } from '../axe.js';
import { assertQuiet, newVisit } from '../chat-page.js';
import { ComposerPage, CONFIG, type FileToAttach, isLoaded, textFile } from './composer-page.js';

const picture = async (name: string, width = 40): Promise<FileToAttach> => ({
  name,
  mimeType: 'image/png',
  buffer: await pictureOf({ width, height: 30 }).png().toBuffer(),
});
const pdf: FileToAttach = { name: 'hours.pdf', mimeType: 'application/pdf', buffer: pdfOf(['Opening hours']) };

const setups = engineKinds.map((engine, index) => ({ engine, upload: index === 0 ? 'two_phase' : 'direct' }));

describe.skipIf(chromiumMissing).each(setups)('files in the composer: $engine, $upload', ({ engine, upload }) => {
  const browser = useChromium();
  const provider = useProvider();
  const folder = temporaryFolder('composer-');
  const relay = useRelay(engine, () => ({
    variables: {
      AUTH_MODE: 'none',
      CHATKIT_CONFIG: CONFIG,
      OPENAI_URL: provider.url,
      UPLOAD: upload,
      DATA_DIR: folder,
    },
  }));
  const it = base
    .extend('visit', async ({ onTestFinished }) => {
      const visit = await newVisit(browser, relay.url);
      onTestFinished(async () => {
        await visit.context.close();
        assertQuiet(visit);
      });
      return visit;
    })
    .extend('chat', ({ visit }) => new ComposerPage(visit.page).open());

  const storedFiles = async (): Promise<string[]> =>
    (await relay.query<{ name: string }>('SELECT name FROM attachments ORDER BY name')).map(({ name }) => name);
  const seenByModel = async (): Promise<string> => JSON.stringify((await provider.calls()).at(-1)?.input);

  it('are sent with a message, and shown in it, also after a reload', async ({ chat, visit }) => {
    await provider.script([{ text: 'A picture and a text.' }]);
    await chat.attachReady(await picture('cat.png'), textFile('notes.txt', 'buy milk'));
    expect(await chat.files.first().locator('img').getAttribute('src')).toMatch(/^blob:/);
    await assertAccessible(visit.page, 'a draft with files');
    await chat.ask('What is this?');
    expect(await chat.files.count()).toBe(0);
    expect(await seenByModel()).toMatch(/input_image.*buy milk|buy milk.*input_image/s);

    await visit.page.reload();
    await chat.sentFiles.first().waitFor();
    expect(await chat.sentFiles.allInnerTexts()).toEqual([
      expect.stringContaining('cat.png') as string,
      expect.stringMatching(/notes\.txt\s+TXT · 8 byte/) as string,
    ]);
    const shown = chat.sentFiles.first().locator('img');
    await until('the thumbnail', 5_000, () => isLoaded(shown));
    const download = visit.page.waitForEvent('download');
    await chat.sentFiles.last().getByRole('link', { name: 'Download notes.txt' }).click();
    expect((await download).suggestedFilename()).toBe('notes.txt');
    await assertAccessible(visit.page, 'a message with files');
  });

  it('make a message by themselves', async ({ chat }) => {
    await provider.script([{ text: 'Nice hours.' }]);
    await chat.attachReady(pdf);
    await chat.sendButton.click();
    await chat.answers.getByText('Nice hours.').waitFor();
    expect(await seenByModel()).toContain('input_file');
  });

  it('keep their thumbnail when the link to it has expired', async ({ chat, visit }) => {
    await provider.script([{ text: 'Seen.' }]);
    await chat.attachReady(await picture('old.png'));
    await chat.ask('Look');
    await visit.page.route(/preview\?/, (route) => route.fulfill({ status: 403, json: {} }));
    await visit.page.reload();
    const shown = chat.sentFiles.first().locator('img');
    await until('the thumbnail', 5_000, () => isLoaded(shown));
    expect(visit.problems.splice(0).join()).toContain('403');
  });

  it('that are taken off again leave nothing behind', async ({ chat, visit }) => {
    const before = await storedFiles();
    await chat.attachReady(textFile('a.txt'), textFile('b.txt'));
    expect(await storedFiles()).toEqual([...before, 'a.txt', 'b.txt'].toSorted());
    await visit.page.getByRole('button', { name: 'Remove a.txt' }).click();
    await until('a.txt is deleted', 5_000, async () => !(await storedFiles()).includes('a.txt'));
    await visit.page.reload();
    await visit.page.getByRole('button', { name: 'Remove b.txt' }).click();
    await until('b.txt is deleted', 5_000, async () => (await storedFiles()).length === before.length);
  });

  it('are refused before they are sent, with the limit', async ({ chat, visit }) => {
    const before = await storedFiles();
    await chat.attach(
      { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(2_000_001) },
      { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      textFile('nothing.txt', ''),
      textFile('1.txt'),
      textFile('2.txt'),
      textFile('3.txt'),
    );
    await until('five are named', 5_000, async () => (await chat.refusals.count()) === 4);
    expect(await chat.refusals.allInnerTexts()).toEqual([
      'huge.png is too large. A file may have 1.9 MB.',
      'setup.exe is of a type that models cannot read.',
      'nothing.txt is empty.',
      '3.txt is one file too many. A message may have 2.',
    ]);
    await assertAccessible(visit.page, 'refused files');
    await visit.page.getByRole('button', { name: 'Dismiss the note about nothing.txt' }).click();
    expect(await chat.refusals.count()).toBe(3);
    for (const name of ['1.txt', '2.txt']) await visit.page.getByRole('button', { name: `Remove ${name}` }).click();
    await until('nothing is left', 5_000, async () => (await storedFiles()).length === before.length);
  });

  it('leave room for the message, however many are refused', async ({ chat, visit }) => {
    await chat.attach(...Array.from({ length: 40 }, (_, index) => textFile(`empty-${index}.txt`, '')));
    await until('all are named', 5_000, async () => (await chat.refusals.count()) === 40);
    const box = await chat.field.boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(visit.page.viewportSize()?.height ?? 0);
    // The last one is within reach.
    await chat.refusals.last().getByRole('button').click();
    expect(await chat.refusals.count()).toBe(39);
  });

  it('that the server refuses are shown with its words, and can be taken off', async ({ chat, visit }) => {
    const before = await storedFiles();
    await chat.attach({ ...pdf, name: 'broken.pdf', buffer: Buffer.from('%PDF-1.7 nothing else') });
    const tile = chat.files.filter({ hasText: 'broken.pdf' });
    await tile.and(visit.page.locator('[data-state="failed"]')).waitFor();
    expect(await tile.innerText()).toMatch(/broken\.pdf: .*damaged|broken\.pdf: /);
    await chat.field.fill('Hello');
    expect(await chat.sendButton.isDisabled()).toBe(true);
    await visit.page.getByRole('button', { name: 'Remove broken.pdf' }).click();
    expect(await chat.sendButton.isEnabled()).toBe(true);
    await until('nothing is left', 5_000, async () => (await storedFiles()).length === before.length);
    expect(visit.problems.splice(0).join()).toMatch(/422|4\d\d/);
  });

  it('can be sent again after the connection was lost, and be cancelled while they are sent', async ({
    chat,
    visit,
  }) => {
    const before = await storedFiles();
    const uploads = /\/files(\/[^?]*)?(\?|$)/;
    await visit.page.route(uploads, (route) => route.abort());
    await chat.attach(textFile('again.txt'));
    await visit.page.getByText('The server cannot be reached.').waitFor();
    await visit.page.unroute(uploads);
    await visit.page.getByRole('button', { name: 'Send again.txt again' }).click();
    await chat.files.and(visit.page.locator('[data-state="ready"]')).waitFor();

    await visit.page.route(uploads, () => undefined);
    await chat.attach(textFile('slow.txt'));
    await visit.page.getByRole('progressbar', { name: 'slow.txt is being sent' }).waitFor();
    await visit.page.getByRole('button', { name: 'Remove slow.txt' }).click();
    await until('one file is left', 5_000, async () => (await storedFiles()).length === before.length + 1);
    expect(await chat.files.count()).toBe(1);
    await visit.page.getByRole('button', { name: 'Remove again.txt' }).click();
    await until('nothing is left', 5_000, async () => (await storedFiles()).length === before.length);
    expect(visit.problems.splice(0).join()).toContain('ERR_FAILED');
  });

  it('can be dropped anywhere on the page, and pasted', async ({ chat, visit }) => {
    const file = [{ name: 'dropped.md', type: 'text/markdown' }];
    await chat.drag('dragenter', file);
    await visit.page.getByText('Drop the files to attach them').waitFor();
    await chat.drag('drop', file);
    expect(await visit.page.getByText('Drop the files to attach them').count()).toBe(0);
    await chat.files.filter({ hasText: 'dropped.md' }).and(visit.page.locator('[data-state="ready"]')).waitFor();

    await visit.page.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    })()`);
    await chat.files.filter({ hasText: 'pasted.txt' }).and(visit.page.locator('[data-state="ready"]')).waitFor();
    for (const name of ['dropped.md', 'pasted.txt']) {
      await visit.page.getByRole('button', { name: `Remove ${name}` }).click();
    }
  });

  it('come back, with the text, if the server refuses the message', async ({ chat, visit }) => {
    await provider.script([{ text: 'Now it works.' }]);
    await chat.attachReady(textFile('gone.txt'), textFile('kept.txt'));
    await relay.query(`DELETE FROM attachments WHERE name = 'gone.txt'`);
    await chat.send('Read both');
    await visit.page.getByRole('alert').filter({ hasText: /./ }).waitFor();
    expect(await chat.field.inputValue()).toBe('Read both');
    expect(await chat.questions.count()).toBe(0);
    await visit.page.getByRole('button', { name: 'Remove gone.txt' }).click();
    await chat.sendButton.click();
    await chat.answers.getByText('Now it works.').waitFor();
    expect(await chat.field.inputValue()).toBe('');
    expect(visit.problems.splice(0).join()).toContain('404');
  });

  it('warn of a model that sees no pictures', async ({ chat, visit }) => {
    await chat.choose(/^Model/, 'reader');
    await chat.attachReady(await picture('hidden.png'));
    await visit.page.getByText('reader cannot see pictures.').waitFor();
    await visit.page.getByRole('button', { name: 'Remove hidden.png' }).click();
    expect(await visit.page.getByText('reader cannot see pictures.').count()).toBe(0);
  });
});
