import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const CHATKIT = /\/chatkit(\?|$)/;
const FIX = /Check that the worker can reach|Fix what the provider said last/;
const CONFIG = fileURLToPath(new URL('turns.config.yaml', import.meta.url));

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
}

describe.skipIf(chromiumMissing).each(oneEngine('postgres'))('turns on the page: %s', (engine) => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay(engine, { provider, variables: { AUTH_MODE: 'none' } });
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

  it('answers again, without what came after the question', async ({ chat, visit }) => {
    await provider.script([{ text: 'One.' }, { text: 'Two.' }, { text: 'Better.' }, { text: 'Best.' }]);
    await chat.ask('First');
    await chat.ask('Second');
    const again = visit.page.getByRole('button', { name: 'Answer again' });
    await again.last().click();
    await chat.answers.getByText('Better.').waitFor();
    expect(await chat.answers.locator('.markdown').allInnerTexts()).toEqual(['One.', 'Better.']);
    await again.first().click();
    const dialog = visit.page.getByRole('dialog', { name: 'Answer this again?' });
    await dialog.waitFor();
    await assertAccessible(visit.page, 'the question before later turns are removed');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await chat.answers.locator('.markdown').allInnerTexts()).toEqual(['One.', 'Better.']);
    await again.first().click();
    await dialog.getByRole('button', { name: 'Answer again' }).click();
    await chat.answers.getByText('Best.').waitFor();
    await visit.page.reload();
    await chat.answers.getByText('Best.').waitFor();
    expect(await chat.questions.allInnerTexts()).toEqual(['First']);
    expect(await chat.answers.locator('.markdown').allInnerTexts()).toEqual(['Best.']);
  });

  it('changes a question, and asks it again', async ({ chat, visit }) => {
    await provider.script([{ text: 'Of pears.' }, { text: 'Of apples.' }, { text: 'More.' }]);
    await chat.ask('Tell me of pears');
    const edit = async (text: string, how: 'Enter' | 'Escape'): Promise<void> => {
      await visit.page.getByRole('button', { name: 'Edit the message' }).click();
      const field = visit.page.getByRole('textbox', { name: 'Edit the message' });
      await field.fill(text);
      await shoot(visit, `editing-${engine}`);
      await assertAccessible(visit.page, 'a question that is being changed');
      await field.press(how);
    };
    await edit('Never mind', 'Escape');
    expect(await chat.questions.allInnerTexts()).toEqual(['Tell me of pears']);
    await edit('Tell me of apples', 'Enter');
    await chat.answers.getByText('Of apples.').waitFor();
    expect(await chat.questions.allInnerTexts()).toEqual(['Tell me of apples']);
    expect(await chat.answers.count()).toBe(1);
    await visit.page.reload();
    await chat.answers.getByText('Of apples.').waitFor();
    expect(await chat.questions.allInnerTexts()).toEqual(['Tell me of apples']);
    await chat.ask('And then?');
    expect((await provider.calls()).at(-1)?.input).toHaveLength(3);
  });

  it('takes feedback', async ({ chat, visit }) => {
    await provider.script([{ text: 'Fine.' }]);
    await chat.ask('How are you?');
    await visit.page.getByRole('button', { name: 'Good answer' }).click();
    await visit.page.getByText('Thank you for the feedback.').waitFor({ state: 'attached' });
    const pressed = visit.page.getByRole('button', { name: 'Good answer', pressed: true });
    await pressed.waitFor();
    const [given] = await relay.query<{ kind: string }>('SELECT kind FROM feedback ORDER BY created_at DESC LIMIT 1');
    expect(given?.kind).toBe('positive');
    await assertAccessible(visit.page, 'an answer with feedback');
    await visit.page.reload();
    await pressed.waitFor();
  });

  it('says that feedback was not saved, and to the operator why', async ({ chat, visit }) => {
    await provider.script([{ text: 'Fine.' }]);
    await chat.ask('How are you?');
    await visit.page.route(CHATKIT, async (route) => {
      if (!(route.request().postData() ?? '').includes('items.feedback')) return route.fallback();
      await route.fulfill({ status: 503, json: { error: { code: 'x', message: 'Redis does not answer. Start it.' } } });
    });
    await visit.page.getByRole('button', { name: 'Bad answer' }).click();
    await visit.page
      .getByRole('alert')
      .getByText(/was not saved.*Cause: Redis does not answer\. Start it\./)
      .waitFor();
    expect(await visit.page.getByRole('button', { name: 'Bad answer', pressed: true }).count()).toBe(0);
    await assertAccessible(visit.page, 'feedback that was not saved');
    expect(visit.problems.splice(0).join()).toContain('503');
  });

  const undrawable = [
    ['of a type that the page does not know', { type: 'hologram', depth: 3 }, 'cannot be shown on this page'],
    ['whose code cannot be loaded', { type: 'widget', widget: { type: 'Card', children: [] } }, 'could not be shown'],
  ] as const;
  for (const [which, fields, said] of undrawable) {
    it(`goes on behind an item ${which}, and leaves the rest of the page`, async ({ chat, visit }) => {
      await provider.script([{ text: 'Never seen.' }, { text: 'Better.' }]);
      await chat.ask('What is it?');
      await visit.page.route(/\/assets\/widget-view-/, (route) => route.abort());
      await visit.page.route(CHATKIT, async (route) => {
        if (!(route.request().postData() ?? '').includes('items.list')) return route.fallback();
        const response = await route.fetch();
        const page = (await response.json()) as { data: { type: string }[] };
        const data = page.data.map((item) => (item.type === 'assistant_message' ? { ...item, ...fields } : item));
        await route.fulfill({ response, json: { ...page, data } });
      });
      await visit.page.reload();
      await visit.page.getByText(said).waitFor();
      await visit.page.getByText('If the assistant is waiting for you here').waitFor();
      expect(await chat.questions.allInnerTexts()).toEqual(['What is it?']);
      await assertAccessible(visit.page, 'an item that cannot be drawn');
      await shoot(visit, `${fields.type}-${engine}`);
      await visit.page.getByRole('button', { name: 'Answer again' }).click();
      await chat.answers.getByText('Better.').waitFor();
      expect(await visit.page.getByText(said).count()).toBe(0);
      // What has failed is reported to the console.
      visit.problems.splice(0);
    });
  }

  it('shows after a reload what was stopped and what has failed', async ({ chat, visit }) => {
    await provider.script([
      { text: 'half of it', deltas: ['half ', 'of it'], hang_after: 1 },
      { text: 'never', hang_after: 0 },
      { error: { status: 400 } },
    ]);
    await chat.send('Stopped in the middle');
    await chat.answers.getByText('half').waitFor();
    await chat.stopButton.click();
    await chat.answers.getByText('Stopped').waitFor();
    await chat.send('Stopped at the beginning');
    await until('the model is asked', 5_000, async () => (await provider.calls()).length > 1);
    await chat.stopButton.click();
    await visit.page.getByText('Stopped before the answer began.').waitFor();
    await chat.send('Failed');
    await visit.page.getByRole('alert').getByText('HTTP 400').waitFor();

    await visit.page.reload();
    await visit.page.getByRole('alert').getByText('HTTP 400').waitFor();
    await chat.answers.getByText('Stopped').waitFor();
    await visit.page.getByText('Stopped before the answer began.').waitFor();
    await shoot(visit, `after-reload-${engine}`);
    await assertAccessible(visit.page, 'a conversation with turns that did not end well');
    const stopped = visit.page.getByText('Stopped before the answer began.');
    await stopped.getByRole('button', { name: 'Try again' }).click();
    await visit.page
      .getByRole('dialog', { name: 'Answer this again?' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await provider.script([{ text: 'Whole.' }]);
    await visit.page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await chat.answers.getByText('Whole.').waitFor();
    expect(await visit.page.getByRole('alert').count()).toBe(0);
  });
});

describe.skipIf(chromiumMissing)('what the operator of a local server is told', () => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay('postgres', { provider, variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: CONFIG } });

  base.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('is the cause, what to do, the circuit breaker and the run (%s, %i)', async (colorScheme, width) => {
    const visit = await newVisit(browser, relay.url, { colorScheme, viewport: { width, height: 800 } });
    const chat = await new ChatPage(visit.page).open();
    await provider.script([{ error: { status: 503, message: 'The model is being loaded' } }]);
    await chat.send('Hello?');
    const alert = visit.page.getByRole('alert');
    await alert.getByText('The model is being loaded').or(alert.getByText('circuit breaker is open')).waitFor();
    // Of the failure itself, or of the breaker that it has opened.
    await alert.getByText(FIX).waitFor();
    await alert.getByText(/is not asked for another \d+ s/).waitFor();
    const [run] = await relay.query<{ id: string }>('SELECT id FROM runs ORDER BY created_at DESC LIMIT 1');
    expect(await alert.innerText()).toContain(run?.id);
    await shoot(visit, `cause-${colorScheme}-${width}`);
    await assertAccessible(visit.page, 'a failure with its cause');
    await visit.page.reload();
    await alert.getByText(FIX).waitFor();
    await alert.getByText(/is not asked for another \d+ s/).waitFor();
    await visit.context.close();
    assertQuiet(visit);
  });
});
