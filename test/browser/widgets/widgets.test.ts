import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Locator } from 'playwright-core';
import { describe, expect, it as base } from 'vitest';
import { until } from '../../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../../support/chromium.js';
import { oneEngine } from '../../support/one-engine.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { assertAccessible } from '../axe.js';
import { assertQuiet, ChatPage, newVisit, type Visit } from '../chat-page.js';

const CONFIG = fileURLToPath(new URL('widgets.config.yaml', import.meta.url));
/** A file that lets a growing widget go on. */
const SIGN = join(temporaryFolder('chatkit-widgets-'), 'go');

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `widgets-${name}.png`) });
}

/** Shows a widget, and waits until it is there. */
const show = async (chat: ChatPage, name: string): Promise<Locator> => {
  await chat.send(`show ${name}`);
  const widget = chat.page.locator('.widget').last();
  await widget.waitFor();
  await chat.sendButton.waitFor();
  return widget;
};

const toolIn = ({ page }: Visit): Locator => page.locator('.tool-call');

describe.skipIf(chromiumMissing).each(oneEngine('redis'))('what an assistant draws and asks, on %s', (engine) => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay(engine, {
    provider,
    variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: CONFIG, WIDGET_SIGN: SIGN },
  });
  const visitOf = async (options: BrowserContextOptions = {}) => newVisit(browser, relay.url, options);
  const it = base
    .extend('visit', async ({ onTestFinished }) => {
      const visit = await visitOf();
      onTestFinished(async () => {
        await visit.context.close();
        assertQuiet(visit);
      });
      return visit;
    })
    .extend('chat', ({ visit }) => new ChatPage(visit.page).open())
    .extend('widgets', ({ visit }) => visit.page.locator('.widget'));

  describe('widgets', () => {
    it('grow while they are written, and end as they were sent', async ({ chat, widgets }) => {
      rmSync(SIGN, { force: true });
      await chat.send('grow');
      await widgets.getByText('Roses are red', { exact: true }).waitFor();
      expect(await widgets.locator('[data-streaming]').count()).toBe(1);
      writeFileSync(SIGN, '');
      await widgets.getByText('A poem').waitFor();
      expect(await widgets.innerText()).toMatch(/A poem\s+Roses are red\./);
      await chat.page.getByRole('button', { name: 'Copy answer' }).waitFor();
      await chat.page.reload();
      await widgets.getByText('Roses are red.').waitFor();
    });

    it('send what a form holds, and become what the action makes of them', async ({ chat, visit, widgets }) => {
      const card = await show(chat, 'order');
      await assertAccessible(visit.page, 'a card with a form');
      const { page } = visit;
      // What is required is pointed out, and nothing is sent.
      await card.getByRole('button', { name: 'Order' }).click();
      expect(await page.evaluate('document.activeElement.getAttribute("data-field")')).toBe('person.name');
      await card.getByLabel('Name').fill('Ada');

      await card.getByRole('button', { name: 'Cup' }).click();
      await page.getByRole('combobox', { name: 'Search' }).fill('mu');
      await assertAccessible(page, 'an open list');
      await page.keyboard.press('Enter');
      await card.getByRole('button', { name: 'Cup: Mug' }).waitFor();

      await card.getByRole('button', { name: /^Day/ }).click();
      await page.getByRole('grid').waitFor();
      await assertAccessible(page, 'an open calendar');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await card.getByRole('button', { name: /Dec 1, 2026/ }).waitFor();

      await card.getByLabel('Paid').check();
      await card.getByLabel('Away').check();
      await card.getByLabel('Name').press('Enter');
      await widgets.getByText(/^Ordered/).waitFor();
      expect(await widgets.innerText()).toBe(
        'Ordered {"id":17,"person":{"name":"Ada"},"cup":"mug","day":"2026-12-01","paid":true,"place":"away"}',
      );
      await page.reload();
      await widgets.getByText(/^Ordered/).waitFor();
    });

    it('mark what was chosen when nothing else changes', async ({ chat }) => {
      const card = await show(chat, 'order');
      await card.getByRole('button', { name: 'Not now' }).click();
      await until(
        'the choice is marked',
        5_000,
        async () => (await card.locator('.w-card-foot .w-icon').count()) === 1,
      );
      expect(await chat.page.getByRole('alert').count()).toBe(0);
    });

    it('show that an action runs, and hold still meanwhile', async ({ chat }) => {
      const card = await show(chat, 'buttons');
      await card.getByRole('button', { name: 'Slow' }).click();
      expect(await card.getByRole('button', { name: 'Slow' }).getAttribute('aria-busy')).toBe('true');
      expect(await card.getAttribute('aria-busy')).toBeNull();
      await chat.answers.getByText('Slowly done').waitFor();
      await until('the button is free', 5_000, async () => (await card.locator('[aria-busy]').count()) === 0);

      await card.getByRole('button', { name: 'Hold' }).click();
      expect(await card.getAttribute('aria-busy')).toBe('true');
      await card.getByRole('button', { name: 'Slow' }).click();
      await until('the card is free', 10_000, async () => (await card.getAttribute('aria-busy')) === null);
      // The click meanwhile was for nothing.
      expect(await chat.answers.count()).toBe(2);
    });

    it('are answered at once where they ask for it', async ({ chat }) => {
      const card = await show(chat, 'buttons');
      await card.getByRole('button', { name: 'Now' }).click();
      await card.getByText('Done at once').waitFor();
    });

    it('say what did not work', async ({ chat, visit }) => {
      const card = await show(chat, 'buttons');
      await card.getByRole('button', { name: 'Elsewhere' }).click();
      await card.getByRole('alert').getByText('not here (elsewhere)').waitFor();
      await card.getByRole('button', { name: 'Dismiss' }).click();
      expect(await card.getByRole('alert').count()).toBe(0);

      await card.getByRole('button', { name: 'Refuse' }).click();
      await card.getByRole('alert').waitFor();
      await assertAccessible(visit.page, 'an action that has failed');
      // The browser writes refused requests to its console.
      expect(visit.problems.splice(0)).toHaveLength(1);

      await card.getByRole('button', { name: 'Fail' }).click();
      await visit.page.getByText('The shop is closed.').waitFor();
    });

    it('send the newest value of a field that changes', async ({ chat }) => {
      const card = await show(chat, 'buttons');
      await card.getByLabel('Light').check();
      await chat.answers.getByText('Changed {"from":"box","light":true}').waitFor();
      await card.getByLabel('Light').uncheck();
      await chat.answers.getByText('Changed {"from":"box","light":false}').waitFor();
    });

    it('are lists whose entries can be clicked', async ({ chat, visit }) => {
      const list = await show(chat, 'list');
      expect(await list.getByRole('listitem').count()).toBe(2);
      await list.getByRole('button', { name: 'Show 1 more' }).click();
      await assertAccessible(visit.page, 'a list');
      await list.getByRole('button', { name: 'Edsger' }).press('Enter');
      await chat.answers.getByText('Picked Edsger').waitFor();
    });

    it('ask no other host, and say what they cannot show', async ({ chat }) => {
      const card = await show(chat, 'elsewhere');
      expect(await card.locator('img').count()).toBe(0);
      const cat = card.getByRole('link', { name: 'Image: A cat' });
      expect(await cat.getAttribute('href')).toBe('https://images.example.com/cat.png');
      expect(await cat.getAttribute('rel')).toContain('noopener');
      await card.getByText('“Carousel” cannot be shown on this page.').waitFor();
      await card.getByText('A slide').waitFor();
    });
  });

  describe('forms', () => {
    it('are filled in by keyboard, sent once, and read afterwards', async ({ chat, visit }) => {
      const { page } = visit;
      await chat.send('form');
      const form = page.getByRole('region', { name: 'Questions' });
      await form.getByRole('button', { name: 'Send answers' }).waitFor();
      await assertAccessible(page, 'a form');
      await form.getByRole('button', { name: 'Send answers' }).click();
      await form.getByText('Answer at least one question, or skip them all.').waitFor();

      await form.getByLabel('Small').focus();
      await page.keyboard.press('ArrowDown');
      await form.getByLabel('Milk').press('Space');
      await form.getByLabel(/Anything with it\?.*Something else/).fill('Cinnamon');
      await form.getByLabel('Anything else?').fill('Thanks');
      await shoot(visit, `form-${engine}`);
      await form.getByRole('button', { name: 'Send answers' }).click();
      await chat.answers.getByText('Form answered: size=Large, extras=Milk+Cinnamon, note=Thanks').waitFor();
      await form.getByText('Answered').waitFor();
      expect(await form.getByRole('button').count()).toBe(0);
      expect(await form.getByRole('listitem').allInnerTexts()).toEqual(['Milk', 'Cinnamon']);
      await assertAccessible(page, 'an answered form');
    });

    it('can be skipped', async ({ chat, visit }) => {
      await chat.send('form');
      const form = visit.page.getByRole('region', { name: 'Questions' });
      await form.getByRole('button', { name: 'Skip' }).click();
      await chat.answers.getByText('Form skipped: size=-, extras=-, note=-').waitFor();
      await form.getByText('Skipped').waitFor();
    });

    it('wait for answers after a reload', async ({ chat, visit }) => {
      await chat.send('form');
      await visit.page.getByRole('button', { name: 'Skip' }).waitFor();
      await chat.sendButton.waitFor();
      await visit.page.reload();
      await visit.page.getByLabel('Large').check();
      await visit.page.getByRole('button', { name: 'Send answers' }).click();
      await chat.answers.getByText('Form answered: size=Large').waitFor();
    });
  });

  describe('tools of the page', () => {
    it('run by themselves where they change nothing outside', async ({ chat, visit }) => {
      await chat.send('tool get_page_context');
      await chat.answers.getByText('The page says').waitFor();
      const said = await chat.answers.innerText();
      expect(said).toContain(`"url":"${relay.url}/`);
      expect(said).toContain('"timeZone"');
      await toolIn(visit).getByText('Done').waitFor();
      await assertAccessible(visit.page, 'a tool that has run');
    });

    it('change the theme, which stays', async ({ chat, visit }) => {
      await chat.send('tool set_theme {"theme":"dark"}');
      await chat.answers.getByText('The page says {"theme":"dark"}').waitFor();
      const background = () => visit.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(await background()).toBe('rgb(23, 25, 27)');
      await visit.page.reload();
      await chat.answers.getByText('The page says').waitFor();
      expect(await background()).toBe('rgb(23, 25, 27)');
    });

    it('ask before they copy, and tell the assistant when they may not', async ({ chat, visit }) => {
      await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await chat.send('tool copy_to_clipboard {"text":"hello"}');
      const tool = toolIn(visit);
      await tool.getByText('The assistant asks for your permission.').waitFor();
      await tool.getByText('hello').waitFor();
      await assertAccessible(visit.page, 'a tool that asks');
      await shoot(visit, `tool-${engine}`);
      await tool.getByRole('button', { name: 'Allow', exact: true }).click();
      await chat.answers.getByText('The page says {"copied":true}').waitFor();
      expect(await visit.page.evaluate('navigator.clipboard.readText()')).toBe('hello');

      await chat.send('tool copy_to_clipboard {"text":"again"}');
      await tool.last().getByRole('button', { name: 'Do not allow' }).click();
      await chat.answers.getByText('"error":"declined"').waitFor();
      await tool.last().getByText('Not allowed').waitFor();
    });

    it('open a link only after a click, and only one of the web', async ({ chat, visit }) => {
      await chat.send(`tool open_link {"url":"${relay.url}/chatkit-react?opened"}`);
      const opened = visit.context.waitForEvent('page');
      await toolIn(visit).getByRole('button', { name: 'Allow', exact: true }).click();
      const other = await opened;
      await other.close();
      await chat.answers.getByText('"opened"').waitFor();
      // The other page asks for the official component's script.
      visit.foreign.length = 0;

      await chat.send('tool open_link {"url":"javascript:alert(1)"}');
      await toolIn(visit).last().getByText('“open_link”, which this page cannot do').waitFor();
      expect(await toolIn(visit).last().getByRole('button', { name: 'Allow' }).count()).toBe(0);
    });

    it('that the page does not have do not leave the assistant waiting', async ({ chat, visit }) => {
      await chat.send('tool read_basket');
      await toolIn(visit).getByText('The assistant asks for “read_basket”, which this page cannot do.').waitFor();
      await chat.sendButton.waitFor();
      // Also after a reload.
      await visit.page.reload();
      await toolIn(visit).getByRole('button', { name: 'Go on without it' }).click();
      await chat.answers.getByText('"error":"not_available"').waitFor();
      await toolIn(visit).getByText('Did not work').waitFor();
    });

    it('wait for a click when they are found after a reload', async ({ chat, visit }) => {
      await chat.send('tool copy_to_clipboard {"text":"later"}');
      await toolIn(visit).getByRole('button', { name: 'Allow', exact: true }).waitFor();
      await chat.send('show list');
      await visit.page.locator('.widget').waitFor();
      // The call was overtaken, and can no longer be answered.
      await toolIn(visit).getByText('Not answered').waitFor();
      expect(await toolIn(visit).getByRole('button').count()).toBe(0);
    });
  });

  it('an effect is carried out, or said to be for another page', async ({ chat, visit }) => {
    await chat.send('effect set_theme {"theme":"dark"}');
    await until('the page is dark', 5_000, async () => {
      return (await visit.page.evaluate('getComputedStyle(document.body).backgroundColor')) === 'rgb(23, 25, 27)';
    });
    await chat.sendButton.waitFor();
    await chat.send('effect basket_changed');
    await visit.page.getByText('The assistant sent “basket_changed” to the page, which does not use it.').waitFor();
  });
});
