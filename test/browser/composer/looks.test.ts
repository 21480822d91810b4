import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pdfOf, pictureOf } from '#media/testing';
import { chromiumMissing, FAKE_MICROPHONE, screenshotFolder, useChromium } from '../../support/chromium.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { assertAccessible } from '../axe.js';
import { newVisit, type Visit } from '../chat-page.js';
import { CONFIG } from './composer-page.js';

const VIEWS = [
  { name: 'desktop', width: 1280, height: 860, colorScheme: 'light', locale: 'en' },
  { name: 'phone', width: 360, height: 740, colorScheme: 'light', locale: 'de' },
  { name: 'dark', width: 1280, height: 860, colorScheme: 'dark', locale: 'fr' },
  { name: 'right-to-left', width: 1000, height: 780, colorScheme: 'light', locale: 'ar' },
  { name: 'phone-rtl-dark', width: 360, height: 740, colorScheme: 'dark', locale: 'ar' },
] as const;

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `composer-${name}.png`) });
}

const overflow = ({ page }: Visit): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A walk through many states. */
const TIMEOUT_MS = 120_000;

describe.skipIf(chromiumMissing)('the look of the composer', { timeout: TIMEOUT_MS }, () => {
  const browser = useChromium(...FAKE_MICROPHONE);
  const provider = useProvider();
  const relay = useRelay('postgres', () => ({
    variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: CONFIG, OPENAI_URL: provider.url, UPLOAD: 'direct' },
  }));

  it.each(VIEWS)('is right: $name', async ({ name, width, height, colorScheme, locale }) => {
    const viewport = { width, height };
    const visit = await newVisit(browser, relay.url, { viewport, colorScheme, locale, reducedMotion: 'reduce' });
    const { page } = visit;
    const settled = async (state: string): Promise<void> => {
      await shoot(visit, `${state}-${name}`);
      expect(await overflow(visit)).toBe(0);
      await assertAccessible(page, `${state}, ${name}`);
    };
    await page.goto('/');
    const files = page.locator('input[type=file]');
    await files.waitFor({ state: 'attached' });
    expect(await page.evaluate('document.documentElement.lang')).toBe(locale);
    const photo = await pictureOf({ width: 900, height: 600 }).png().toBuffer();
    const answer = 'Roses need little water in winter. Cover the roots with leaves, and wait for spring.';
    await provider.script([{ text: answer }, { text: 'Fine.' }]);

    await files.setInputFiles([
      { name: 'roses-in-the-garden.png', mimeType: 'image/png', buffer: photo },
      { name: 'notes about the garden.txt', mimeType: 'text/plain', buffer: Buffer.from('water') },
      { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 x') },
      { name: 'program.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
    ]);
    await page.locator('[data-state="failed"]').waitFor();
    await page.locator('[data-state="sending"]').waitFor({ state: 'detached' });
    await page.locator('#message').fill('What do my roses need?');
    await settled('files');
    await page.locator('[data-state="failed"] button').last().click();
    await files.setInputFiles({ name: 'hours.pdf', mimeType: 'application/pdf', buffer: pdfOf(['Hours']) });
    await page.locator('.file-tile[data-state="ready"]').nth(2).or(page.locator('.file-refused')).first().waitFor();
    await page.locator('.send').click();
    await page.getByText('Roses need little water').waitFor();
    await page.locator('.message.assistant footer').waitFor();

    await page.locator('.message.assistant p').first().selectText();
    await page.locator('.ask-about').waitFor();
    await settled('selection');
    await page.locator('.ask-about').click();
    await page.locator('.picker-button').last().click();
    await page.getByRole('listbox').waitFor();
    await settled('models');
    await page.keyboard.press('Escape');
    await page.locator('.tool-button[aria-haspopup]').click();
    await page.getByRole('option').first().click();
    await settled('quote-and-tool');

    await page.locator('.composer-row .tool-button').last().click();
    await page.getByRole('timer').getByText('0:02').waitFor();
    await settled('dictation');
    await page.keyboard.press('Escape');
    await page.evaluate(`document.querySelector('main').dispatchEvent(new DragEvent('dragenter', {
      dataTransfer: (() => { const data = new DataTransfer(); data.items.add(new File(['x'], 'x.txt')); return data; })(), bubbles: true }))`);
    await page.locator('.drop-overlay').waitFor();
    await shoot(visit, `drop-${name}`);
    await visit.context.close();
  });
});
