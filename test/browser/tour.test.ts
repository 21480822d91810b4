import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { CHAPTERS } from '../../apps/worker/src/assistants/tour/tour.js';
import type { Kind } from '../../apps/web/src/page/widgets/kind.js';
import { until } from '../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../support/chromium.js';
import { useRelay } from '../support/relay.js';
import { assertAccessible } from './axe.js';
import { assertQuiet, ChatPage, newVisit, type Visit } from './chat-page.js';

vi.setConfig({ testTimeout: 150_000 });

/** What each kind of component is on the page: the compiler asks for a new one. */
const DRAWN: Readonly<Record<Kind, string>> = {
  Basic: '.w-basic',
  Card: '.w-card',
  ListView: '.w-list',
  ListViewItem: '.w-list-item',
  Box: '.w-box',
  Row: '.w-row',
  Col: '.w-col',
  Form: 'form.w-form',
  Spacer: '.w-spacer',
  Divider: '.w-divider',
  Transition: '.w-transition',
  Table: 'table.w-table',
  'Table.Row': '.w-table tr',
  'Table.Cell': '.w-table :is(td, th)',
  Text: '.w-text',
  Markdown: '.w-markdown strong',
  Title: '.w-title',
  Caption: '.w-caption',
  Badge: '.w-badge',
  Icon: '.w-icon',
  Image: 'img.w-image',
  Label: 'label.w-label',
  Chart: '.w-chart svg',
  Button: 'button.w-button',
  Input: 'input[data-field="gallery.name"]',
  Textarea: 'textarea[data-field="gallery.note"]',
  Select: 'button.w-trigger[role="combobox"]',
  DatePicker: 'button.w-trigger[aria-haspopup="dialog"]',
  Checkbox: 'input[type="checkbox"]',
  RadioGroup: '[role="radiogroup"] input[type="radio"]',
};
const KINDS = Object.keys(DRAWN) as Kind[];

const VIEWS: readonly (BrowserContextOptions & { readonly name: string })[] = [
  { name: 'light-wide', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark-wide', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'dark-phone', colorScheme: 'dark', viewport: { width: 360, height: 800 } },
  { name: 'rtl-phone', colorScheme: 'light', locale: 'ar', viewport: { width: 360, height: 800 } },
];

/** What each part of the tour ends with on the page. */
const SHOWN: Readonly<Record<string, string>> = {
  all: '.note[data-tone="danger"]',
  markdown: '.message.assistant table',
  thinking: '.workflow',
  tool: '.message.assistant pre:has-text("Tokyo")',
  sources: '.answer-sources',
  widgets: '.widget .w-chart svg',
  gallery: '.widget .w-chart svg',
  questions: 'form.form-card',
  image: '.generated img',
  'page-tools': '.message.assistant pre',
  signals: '.note[data-tone="danger"]',
  fail: '.note[data-tone="error"]',
  lock: '.note:has-text("A new chat goes on.") button',
  crash: '.note[data-tone="error"]',
  close: '.note:has-text("has closed this conversation")',
  open: '.message.assistant:has-text("Open again.")',
};
const CHAPTER_VIEWS = new Set(['light-wide', 'dark-phone']);

describe.skipIf(chromiumMissing)('the tour of an installation without a configuration', () => {
  const browser = useChromium();
  const relay = useRelay('postgres', { variables: { CHATKIT_CONFIG: undefined, AUTH_MODE: 'none' } });

  /** Asks for the gallery, and waits until it is drawn. */
  async function gallery(options: BrowserContextOptions): Promise<Visit> {
    const visit = await newVisit(browser, relay.url, { ...options, reducedMotion: 'reduce' });
    const { page } = visit;
    await page.goto(relay.url);
    await page.locator('#message').fill('/gallery');
    await page.keyboard.press('Enter');
    await page.locator('.column[aria-busy="false"] .widget').nth(6).waitFor();
    await page.locator(DRAWN.Chart).waitFor();
    return visit;
  }

  it.each(VIEWS)('draws every kind of component ($name)', async ({ name, ...options }) => {
    const visit = await gallery(options);
    const { page } = visit;
    const shown = await Promise.all(
      KINDS.map(async (kind) => [kind, await page.locator(DRAWN[kind]).first().isVisible()] as const),
    );
    // A spacer is nothing but space.
    const missing = shown.filter(([kind, isVisible]) => !isVisible && kind !== 'Spacer').map(([kind]) => kind);
    expect(missing).toEqual([]);
    expect(await page.locator(DRAWN.Spacer).count()).toBeGreaterThan(0);
    expect(await page.locator('.w-unknown').count()).toBe(0);
    const sideways = await page.evaluate<number>(
      `Math.max(...[...document.querySelectorAll('.transcript, html')].map((one) => one.scrollWidth - one.clientWidth))`,
    );
    expect(sideways).toBe(0);
    await assertAccessible(page, `the gallery, ${name}`);
    if (screenshotFolder) {
      mkdirSync(screenshotFolder, { recursive: true });
      for (const [index, widget] of (await page.locator('.widget').all()).entries()) {
        await widget.screenshot({ path: join(screenshotFolder, `gallery-${name}-${index}.png`) });
      }
    }
    await visit.context.close();
    assertQuiet(visit);
  });

  it.each(VIEWS.filter(({ name }) => CHAPTER_VIEWS.has(name)))(
    'shows every part ($name)',
    async ({ name, ...options }) => {
      expect(Object.keys(SHOWN).toSorted()).toEqual(CHAPTERS.map(({ id }) => id).toSorted());
      const visit = await newVisit(browser, relay.url, { ...options, reducedMotion: 'reduce' });
      const { page } = visit;
      const chat = await new ChatPage(page).open();
      for (const { id, prompt } of CHAPTERS) {
        await page.getByRole('button', { name: 'New chat' }).first().click();
        await chat.send(prompt);
        await page
          .locator(SHOWN[id] ?? 'none')
          .first()
          .waitFor();
        await page.locator('.column[aria-busy="false"]').waitFor();
        expect({ id, unknown: await page.locator('.unknown-item').count() }).toEqual({ id, unknown: 0 });
        expect({ id, nothing: await page.getByText('for 0 seconds').count() }).toEqual({ id, nothing: 0 });
        await assertAccessible(page, `the tour, ${id}, ${name}`);
      }
      await visit.context.close();
      assertQuiet(visit);
    },
  );

  it('has buttons that the page answers by itself, and says which it does not know', async () => {
    const visit = await gallery({ colorScheme: 'light', permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = visit;
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1;
    });
    const scheme = () => page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await press('Dark');
    await until('dark colours', 5_000, async () => (await scheme()) === 'dark');
    await press('Copy a word');
    await until('a copy', 5_000, async () => (await page.evaluate('navigator.clipboard.readText()')) === 'ChatKit');
    await page.evaluate('window.open = (...given) => void (window.opened = given)');
    await press('Open example.com');
    await until('a page', 5_000, async () => (await page.evaluate('window.opened?.[0]')) === 'https://example.com/');
    await press('For another page');
    await page.getByRole('alert').getByText('not here (spaceship.launch)').waitFor();
    expect(sent).toBe(0);
    await visit.context.close();
    assertQuiet(visit);
  });
});
