import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it as base } from 'vitest';
import { until } from '../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../support/chromium.js';
import { oneEngine } from '../support/one-engine.js';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { assertAccessible } from './axe.js';
import { assertQuiet, ChatPage, newVisit, type Visit } from './chat-page.js';

const CONFIG = fileURLToPath(new URL('items/items.config.yaml', import.meta.url));

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `items-${name}.png`) });
}

describe.skipIf(chromiumMissing).each(oneEngine('postgres'))(
  'the items of a conversation on the %s engine',
  (engine) => {
    const browser = useChromium();
    const relay = useRelay(engine, { variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: CONFIG } });
    const folder = temporaryFolder('items-');
    let gates = 0;
    /** A file that lets a scene go on. */
    const newGate = () => {
      const path = join(folder, `gate-${(gates += 1)}`);
      return { path, open: () => writeFileSync(path, '') };
    };
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

    it('show thoughts while they come, and fold them when the answer begins', async ({ chat, visit }) => {
      const gate = newGate();
      await chat.send(`thinks ${gate.path}`);
      const head = visit.page.getByRole('button', { name: 'Thinking…' });
      await head.waitFor();
      await visit.page.getByText('The person wants to know about queues.').waitFor();
      expect(await head.getAttribute('aria-expanded')).toBe('true');
      await assertAccessible(visit.page, 'a thought');
      await shoot(visit, `thinking-${engine}`);

      gate.open();
      await chat.answers.getByText('A queue hands out work').waitFor();
      const folded = visit.page.getByRole('button', { name: /Thought for \d+ seconds?/ });
      await folded.waitFor();
      expect(await visit.page.getByText('A log keeps its entries.').count()).toBe(0);
      await visit.page.reload();
      await folded.click();
      await visit.page.getByText('A log keeps its entries.').waitFor();
      await shoot(visit, `thought-${engine}`);
    });

    it('show steps of all kinds with their sources, and a step of its own', async ({ chat, visit }) => {
      const gate = newGate();
      await chat.send(`works ${gate.path}`);
      await visit.page.getByRole('button', { name: 'Compare both' }).waitFor();
      const steps = visit.page.locator('.workflow .step');
      expect(await steps.locator('.step-title').allInnerTexts()).toEqual([
        'Searched the web',
        'Read the handbook',
        'Draw the figure',
        'Compare both',
      ]);
      expect(await steps.nth(0).getByRole('link').first().getAttribute('href')).toContain('https://redis.io/');
      await assertAccessible(visit.page, 'steps');
      await shoot(visit, `steps-${engine}`);

      gate.open();
      await visit.page.getByRole('button', { name: 'Compared queues and logs' }).waitFor();
      await chat.answers.getByText('Here is the comparison.').waitFor();
      expect(await steps.count()).toBe(0);
      await visit.page.getByText('Sent the comparison by mail').waitFor();
    });

    it('number the sources of an answer, in its text and below', async ({ chat, visit }) => {
      await chat.send('cites');
      const [answer] = [chat.answers.first()];
      await answer.getByRole('region', { name: 'Sources' }).waitFor();
      expect(await answer.locator('.markdown').innerText()).toMatch(
        /below\]\.\s*1 A log keeps every entry\.\s*1\s*2 The/,
      );
      expect(await answer.locator('.sources .source-name').allInnerTexts()).toEqual([
        'What a queue is for',
        'Redis Streams',
        'Handbook',
        'Ticket 7',
      ]);
      const link = answer.getByRole('link', { name: 'Source 2: Redis Streams' });
      expect(await link.getAttribute('href')).toContain('https://redis.io/');
      await answer.getByRole('button', { name: 'Source 3: Handbook' }).click();
      expect(await visit.page.evaluate('document.activeElement.textContent')).toContain('Handbook');
      await assertAccessible(visit.page, 'citations');
      await shoot(visit, `citations-${engine}`);
    });

    it('show a picture while it is made, then in full', async ({ chat, visit }) => {
      const gate = newGate();
      await chat.send(`draws ${gate.path}`);
      const progress = visit.page.getByRole('progressbar');
      await progress.waitFor();
      await until('half of it', 5_000, async () => (await progress.getAttribute('value')) === '0.5');
      await assertAccessible(visit.page, 'a picture that is being made');
      gate.open();
      await chat.answers.getByText('There it is.').waitFor();
      await visit.page.getByRole('button', { name: 'Show the picture in full' }).click();
      const dialog = visit.page.getByRole('dialog', { name: 'Picture made by the assistant' });
      await dialog.getByRole('img').waitFor();
      await assertAccessible(visit.page, 'a picture in full');
      await shoot(visit, `lightbox-${engine}`);
      await visit.page.keyboard.press('Escape');
      await until('the picture is closed', 2_000, async () => !(await dialog.isVisible()));
      expect(await visit.page.getByRole('link', { name: 'Save the picture' }).getAttribute('download')).toBe('');
      await shoot(visit, `image-${engine}`);
    });

    async function lookAtMarkdown(scene: string, chat: ChatPage, visit: Visit): Promise<void> {
      await chat.send(scene);
      const answer = chat.answers.first();
      await answer.getByRole('button', { name: 'Copy answer' }).waitFor();
      await answer.locator('.hljs-keyword').first().waitFor();
      await until('the formulas', 10_000, async () => (await answer.locator('.katex').count()) === 3);
      expect(await answer.locator('.katex-error').count()).toBe(0);
      expect(await answer.innerText()).toContain('for $3 or for $5 tickets');
      const diagram = answer.locator('.diagram-picture img');
      await diagram.waitFor({ timeout: 20_000 });
      await until('the diagram', 10_000, () => diagram.evaluate((img) => img.complete && img.naturalWidth > 100));
      expect(await answer.getByRole('checkbox').count()).toBe(2);
      expect(await visit.page.evaluate(`document.fonts.check('1em KaTeX_Main')`)).toBe(true);
      await assertAccessible(visit.page, 'Markdown');
      await answer.getByRole('button', { name: 'Source', exact: true }).click();
      await answer.getByText('flowchart LR').waitFor();
      await answer.getByRole('button', { name: 'Source', exact: true }).click();
      const download = visit.page.waitForEvent('download');
      await answer.getByRole('button', { name: 'Save code' }).first().click();
      expect((await download).suggestedFilename()).toBe('code.py');
      await shoot(visit, `markdown-${scene}-${engine}`);
    }

    it('show code in colours, formulas and diagrams', ({ chat, visit }) => lookAtMarkdown('writes', chat, visit));
    it('show them as well when they came bit by bit', ({ chat, visit }) => lookAtMarkdown('streams', chat, visit));

    it('show whatever an answer says, and nothing of it acts', async ({ chat, visit }) => {
      const dialogs: string[] = [];
      visit.page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await chat.send('attacks');
      await chat.answers.getByText('All of it was shown.').waitFor();
      const refused = chat.answers.getByText('This is no diagram that can be drawn');
      await until('the refusals', 20_000, async () => (await refused.count()) === 2);
      await chat.answers.locator('.diagram-picture').waitFor({ timeout: 20_000 });
      await visit.page.reload();
      await chat.answers.getByText('All of it was shown.').waitFor();
      // What came first is loaded when somebody scrolls up to it.
      await until('the first answer', 20_000, async () => {
        await visit.page.locator('.transcript').evaluate((transcript) => transcript.scrollTo(0, 0));
        return (await chat.answers.first().innerText()).includes('done');
      });
      expect(await visit.page.locator('.unknown-item, .raw').count()).toBe(0);
      expect(dialogs).toEqual([]);
      const width = await visit.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(width).toBeLessThanOrEqual(0);
    });
  },
);
