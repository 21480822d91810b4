import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it as base, vi } from 'vitest';
import { until } from '../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../support/chromium.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { assertAccessible } from './axe.js';
import { assertQuiet, ChatPage, newVisit, type Visit } from './chat-page.js';

// Several looks for faults of accessibility in one test take their time on a loaded machine.
vi.setConfig({ testTimeout: 60_000 });

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
}

const pathOf = ({ page }: Visit): string => new URL(page.url()).pathname;

const actionsOf = async ({ page }: Visit, title: string): Promise<void> => {
  const name = `Actions for “${title}”`;
  await page.getByRole('button', { name }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name }).waitFor();
};

describe.skipIf(chromiumMissing).each(oneEngine('redis'))('conversations on the page: %s', (engine) => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay(engine, { provider, variables: { AUTH_MODE: 'none' } });
  const it = base
    .extend('visit', async ({ onTestFinished }) => {
      const visit = await newVisit(browser, relay.url, { reducedMotion: 'reduce', acceptDownloads: true });
      onTestFinished(async () => {
        await visit.context.close();
        assertQuiet(visit);
      });
      return visit;
    })
    .extend('chat', ({ visit }) => new ChatPage(visit.page).open());

  it('each have an address: Back, Forward and a reload work', async ({ chat, visit }) => {
    await provider.script([{ text: 'About apples.' }, { text: 'About pears.' }]);
    await chat.ask('Apples');
    const apples = pathOf(visit);
    expect(apples).toMatch(/^\/c\/thr_/);
    await chat.newChat();
    expect(pathOf(visit)).toBe('/');
    await chat.ask('Pears');
    const pears = pathOf(visit);
    await chat.threads.getByText('Apples').click();
    await chat.answers.getByText('About apples.').waitFor();
    await visit.page.goBack();
    await chat.answers.getByText('About pears.').waitFor();
    expect(pathOf(visit)).toBe(pears);
    await visit.page.goForward();
    await chat.answers.getByText('About apples.').waitFor();
    await visit.page.goto(pears);
    await chat.answers.getByText('About pears.').waitFor();
    await visit.page.reload();
    await chat.answers.getByText('About pears.').waitFor();
    expect(await visit.page.title()).toBe('Pears · ChatKit Relay');
    await visit.page.goto(`/?thread=${apples.split('/').at(-1)}`);
    await chat.answers.getByText('About apples.').waitFor();
    expect(pathOf(visit)).toBe(apples);
  });

  it('say so when they do not exist', async ({ visit }) => {
    await visit.page.goto('/c/thr_nothing');
    await visit.page.getByText('That conversation no longer exists.').waitFor();
    expect(pathOf(visit)).toBe('/');
    // The browser reports each refused request.
    expect(visit.problems.splice(0).every((problem) => problem.includes('404'))).toBe(true);
  });

  it('are renamed, and keep their names', async ({ chat, visit }) => {
    await provider.script([{ text: 'Fine.' }]);
    await chat.ask(`Old name on ${engine}`);
    await actionsOf(visit, `Old name on ${engine}`);
    await shoot(visit, `menu-${engine}`);
    await assertAccessible(visit.page, 'the menu of a conversation');
    await visit.page.getByRole('menuitem', { name: 'Rename' }).click();
    const field = visit.page.getByRole('textbox', { name: 'New title' });
    await field.fill('A new name');
    await assertAccessible(visit.page, 'a conversation that is being renamed');
    await field.press('Enter');
    await chat.threads.getByText('A new name').waitFor();
    await visit.page.reload();
    await chat.threads.getByText('A new name').waitFor();
    const threadId = await chat.rememberedThread();
    expect(await relay.query('SELECT title FROM threads WHERE id = $1', [threadId])).toEqual([{ title: 'A new name' }]);
  });

  it('are deleted for good, after a question', async ({ chat, visit }) => {
    await provider.script([{ text: 'Fine.' }]);
    const title = `Delete me on ${engine}`;
    await chat.ask(title);
    const threadId = await chat.rememberedThread();
    await actionsOf(visit, title);
    await visit.page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = visit.page.getByRole('dialog', { name: 'Delete this conversation?' });
    await shoot(visit, `delete-${engine}`);
    await assertAccessible(visit.page, 'the question before a deletion');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await chat.answers.count()).toBe(1);
    await actionsOf(visit, title);
    await visit.page.getByRole('menuitem', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await until('it is gone', 5_000, async () => (await chat.threads.getByText(title).count()) === 0);
    expect(pathOf(visit)).toBe('/');
    expect(await chat.answers.count()).toBe(0);
    expect(await relay.query('SELECT id FROM threads WHERE id = $1', [threadId])).toEqual([]);
  });

  it('are found by what was said in them', async ({ chat, visit }) => {
    await provider.script([{ text: 'The capital is Ouagadougou.' }, { text: 'Something else.' }]);
    await chat.ask(`A capital, on ${engine}`);
    await chat.newChat();
    await chat.ask('Another subject');
    await visit.page.keyboard.press('Control+k');
    const field = visit.page.getByRole('searchbox', { name: 'Search conversations' });
    await until('the field has the focus', 2_000, async () => (await field.count()) > 0);
    await visit.page.keyboard.type('Ouagadougou');
    await until('one is found', 5_000, async () => (await chat.threads.count()) === 1);
    await shoot(visit, `search-${engine}`);
    await assertAccessible(visit.page, 'a search');
    await chat.threads.getByText(`A capital, on ${engine}`).click();
    await chat.answers.getByText('Ouagadougou').waitFor();
    await field.fill('xyzzyx');
    await visit.page.getByText('Nothing was found.').waitFor();
    await field.press('Escape');
    await chat.threads.getByText('Another subject').waitFor();
  });

  it('are exported as Markdown', async ({ chat, visit }) => {
    await provider.script([{ text: '**Bold** words.' }]);
    await chat.ask(`Export on ${engine}`);
    await actionsOf(visit, `Export on ${engine}`);
    const [download] = await Promise.all([
      visit.page.waitForEvent('download'),
      visit.page.getByRole('menuitem', { name: 'Export as Markdown' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`Export-on-${engine}.md`);
    expect(readFileSync(await download.path(), 'utf8')).toBe(
      `# Export on ${engine}\n\n## You said\n\nExport on ${engine}\n\n## The assistant said\n\n**Bold** words.\n`,
    );
  });

  it('are the same in every tab', async ({ chat, visit }) => {
    const deltas = Array.from({ length: 30 }, (_, index) => `word${index} `);
    const title = `Tabs on ${engine}, ${Date.now()}`;
    await provider.script([{ text: 'First.' }, { text: deltas.join(''), deltas, delay_ms: 60 }]);
    await chat.ask(title);
    const other = await new ChatPage(await visit.context.newPage()).open();
    await other.answers.getByText('First.').waitFor();
    await chat.send('More');
    await other.answers.getByText('word2').waitFor();
    await other.stopButton.waitFor();
    await other.answers.getByText('word29').waitFor();
    expect(await other.questions.allInnerTexts()).toEqual([title, 'More']);
    await actionsOf(visit, title);
    await visit.page.getByRole('menuitem', { name: 'Rename' }).click();
    await visit.page.getByRole('textbox', { name: 'New title' }).fill('Named here');
    await visit.page.keyboard.press('Enter');
    await other.threads.getByText('Named here').waitFor();
  });

  it('say when they are locked', async ({ chat, visit }) => {
    await provider.script([{ text: 'Fine.' }]);
    await chat.ask(`Locked on ${engine}`);
    const threadId = await chat.rememberedThread();
    await relay.query(`UPDATE threads SET status = '{"type":"locked","reason":"Under review"}' WHERE id = $1`, [
      threadId,
    ]);
    await visit.page.reload();
    await visit.page.getByText('Under review').waitFor();
    await chat.threads.getByRole('img', { name: 'is locked' }).waitFor();
    expect(await chat.field.isDisabled()).toBe(true);
    expect(await visit.page.getByRole('button', { name: 'Answer again' }).count()).toBe(0);
    await shoot(visit, `locked-${engine}`);
    await assertAccessible(visit.page, 'a locked conversation');
  });
});

describe.skipIf(chromiumMissing)('the settings and the keyboard of the page', () => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay('postgres', { provider, variables: { AUTH_MODE: 'none' } });
  const it = base
    .extend('visit', async ({ onTestFinished }) => {
      const visit = await newVisit(browser, relay.url, { reducedMotion: 'reduce' });
      onTestFinished(async () => {
        await visit.context.close();
        assertQuiet(visit);
      });
      return visit;
    })
    .extend('chat', ({ visit }) => new ChatPage(visit.page).open());

  it('shows every shortcut, and does what they say', async ({ chat, visit }) => {
    const { page } = visit;
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Control+/');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.waitFor();
    await shoot(visit, 'keyboard');
    await assertAccessible(page, 'the keyboard shortcuts');
    await page.keyboard.press('Escape');
    await until('it is closed', 2_000, async () => (await dialog.count()) === 0);

    await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await provider.script([{ text: 'Copy me.' }]);
    await chat.ask('Something?');
    await page.keyboard.press('Control+Shift+C');
    await until(
      'it is copied',
      2_000,
      async () => (await page.evaluate('navigator.clipboard.readText()')) === 'Copy me.',
    );
    await page.keyboard.press('Control+Shift+O');
    await until('a new chat', 2_000, async () => (await chat.answers.count()) === 0);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Shift+Escape');
    expect(await page.evaluate('document.activeElement.id')).toBe('message');
    await page.keyboard.type('?');
    expect(await chat.field.inputValue()).toBe('?');
  });

  it('remembers the theme', async ({ visit, chat }) => {
    const { page } = visit;
    const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByRole('button', { name: 'Settings' }).click();
    await assertAccessible(page, 'the settings');
    await shoot(visit, 'settings');
    await page.getByText('Dark', { exact: true }).click();
    expect(await background()).toBe('rgb(23, 25, 27)');
    await page.reload();
    await chat.field.waitFor();
    expect(await background()).toBe('rgb(23, 25, 27)');
  });

  it('speaks another language when it is chosen, and stays where it was', async ({ visit, chat }) => {
    const { page } = visit;
    await provider.script([{ text: 'Stays.' }]);
    await chat.ask('Question');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('button', { name: 'Neuer Chat' }).waitFor();
    await page.getByText('Stays.').waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await page.reload();
    await page.getByRole('button', { name: 'Neuer Chat' }).waitFor();
  });

  base.each(['de-AT', 'fr-FR', 'es-MX', 'ja-JP', 'ar-EG'])('speaks %s where the browser wants it', async (locale) => {
    const visit = await newVisit(browser, relay.url, { locale, reducedMotion: 'reduce' });
    await visit.page.goto('/');
    await visit.page.locator('#message').waitFor();
    const [language = ''] = locale.split('-');
    expect(await visit.page.evaluate('document.documentElement.lang')).toBe(language);
    expect(await visit.page.evaluate('document.documentElement.dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
    expect(await visit.page.getByText('New chat').count()).toBe(0);
    await provider.script([{ text: 'A **bold** answer.' }]);
    await visit.page.locator('#message').fill('A question in any language');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByText('bold').waitFor();
    await assertAccessible(visit.page, `the page in ${language}`);
    await shoot(visit, `language-${language}`);
    await visit.context.close();
    assertQuiet(visit);
  });
});
