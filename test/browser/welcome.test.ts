import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../support/chromium.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { assertAccessible } from './axe.js';
import { assertQuiet, ChatPage, newVisit, type Visit } from './chat-page.js';

// Several looks for faults of accessibility in one test take their time on a loaded machine.
vi.setConfig({ testTimeout: 60_000 });

/** The example assistants, with the greetings and prompts that they have there. */
const CONFIG = fileURLToPath(new URL('../../examples/chatkit.config.yaml', import.meta.url));

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
}

describe.skipIf(chromiumMissing)('the first screen, with several assistants', () => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay('postgres', { provider, variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: CONFIG } });

  // The API learns of the workers, and of their assistants, when they have started.
  beforeAll(async () => {
    await until('/config is ready', 30_000, async () => {
      const response = await fetch(`${relay.url}/config`);
      return ((await response.json()) as { ready: boolean }).ready;
    });
  });

  it.each([1280, 360])('shows who answers and what to ask, and asks them (%i px wide)', async (width) => {
    const visit = await newVisit(browser, relay.url, { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    const { page } = visit;
    const chat = await new ChatPage(page).open();
    await page.getByRole('heading', { name: 'What grows in your garden?' }).waitFor();
    const assistants = page.getByRole('group', { name: 'Assistants' });
    expect(await assistants.getByRole('button').allInnerTexts()).toEqual([
      'Garden',
      'Weather',
      'Flower shop',
      'Handbook',
      'Refunds',
    ]);
    await shoot(visit, `welcome-assistants-${width}`);
    await assertAccessible(page, 'the first screen with assistants');
    const sideways = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(sideways).toBe(0);

    await assistants.getByRole('button', { name: 'Handbook' }).click();
    await page.getByRole('heading', { name: 'What does the handbook say?' }).waitFor();
    await provider.script([{ text: 'Thirty days.' }]);
    const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('handbook'));
    await page.getByRole('button', { name: 'Holidays' }).click();
    await asked;
    expect(await chat.questions.first().innerText()).toBe('How many days of holiday do I have?');
    await until('the model is asked', 10_000, async () => (await provider.calls()).length > 0);
    await chat.answers.getByText('Thirty days.').waitFor();

    await page.reload();
    await chat.answers.getByText('Thirty days.').waitFor();
    await page.keyboard.press('Control+Shift+O');
    // The choice is remembered.
    await page.getByRole('heading', { name: 'What does the handbook say?' }).waitFor();
    await visit.context.close();
    assertQuiet(visit);
  });

  it('can be scrolled to its beginning on a short screen', async () => {
    const visit = await newVisit(browser, relay.url, {
      viewport: { width: 360, height: 300 },
      reducedMotion: 'reduce',
    });
    await visit.page.goto(relay.url);
    await visit.page.getByRole('heading', { name: 'What grows in your garden?' }).waitFor();
    const hidden = await visit.page.evaluate<number>(`(() => {
      const screen = document.querySelector('.welcome');
      screen.scrollTop = 0;
      return screen.getBoundingClientRect().top - screen.querySelector('h1').getBoundingClientRect().top;
    })()`);
    expect(hidden).toBeLessThanOrEqual(0);
    await visit.context.close();
    assertQuiet(visit);
  });

  it('says in the language of the person that nobody answers, before anything is sent, and when somebody does again', async () => {
    const visit = await newVisit(browser, relay.url, { locale: 'de-DE', reducedMotion: 'reduce' });
    const { page } = visit;
    await page.goto(relay.url);
    await page.getByRole('heading', { name: 'What grows in your garden?' }).waitFor();
    const note = page.getByRole('status').filter({ hasText: 'Es läuft kein Worker' });
    await Promise.all(relay.workers.map((worker) => worker.stop()));
    // The server knows a moment after the last one has stopped, and the page looks every 0.75 s.
    await note.waitFor({ timeout: 10_000 });
    expect(await note.innerText()).toContain('npm run start:worker');
    await shoot(visit, 'no-worker');
    await assertAccessible(page, 'a page without a worker');
    const field = page.getByLabel('Nachricht', { exact: true });
    await field.fill('Hallo?');
    await field.press('Enter');
    await page.getByText('Es läuft kein Worker, darum wartet Ihre Nachricht.').waitFor();
    await provider.script([{ text: 'Da bin ich.' }]);
    await relay.startWorker();
    await page.getByText('Da bin ich.').waitFor();
    await note.waitFor({ state: 'detached' });
    await visit.context.close();
    assertQuiet(visit);
  });

  it('says to the operator within 5 s that the last worker was killed', async () => {
    const visit = await newVisit(browser, relay.url, { reducedMotion: 'reduce' });
    const { page } = visit;
    const chat = await new ChatPage(page).open();
    await provider.script([{ text: 'Still here.' }]);
    await page.getByLabel('Message', { exact: true }).fill('Hello?');
    await page.keyboard.press('Enter');
    await chat.answers.getByText('Still here.').waitFor();
    const note = page.getByRole('status').filter({ hasText: 'No worker is running' });
    await Promise.all(relay.workers.map((worker) => worker.kill('SIGKILL')));
    await note.waitFor({ timeout: 5_000 });
    expect(await note.innerText()).toContain('npm run start:worker');
    await relay.startWorker();
    await note.waitFor({ state: 'detached' });
    await visit.context.close();
    assertQuiet(visit);
  });
});
