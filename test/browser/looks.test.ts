import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../support/chromium.js';
import { assertAccessible } from './axe.js';
import { assertQuiet, ChatPage, newVisit, type Visit } from './chat-page.js';
import { publishModels } from './publish-models.js';
import { useRelay } from '../support/relay.js';
import { useProvider } from '../support/provider.js';

const ANSWER = `A **queue** hands each message to *one* consumer and forgets it; a **log** keeps every message in order, and each
reader remembers its own place.

| | Queue | Log |
|---|---|---|
| Delivery | once, to one worker | to every reader |
| After reading | gone | still there |
| Good for | jobs | events, replay |

1. Jobs that must run once belong in a queue.
2. What several readers follow belongs in a log, such as this stream:

\`\`\`ts
for await (const entry of log.readAfter(runId, cursor)) {
  socket.write(entry.frames); // bytes as the worker has encoded them
  cursor = entry.lastSequence;
}
\`\`\`

> Use both: the queue starts the work, the log tells of it.

See [Streams](https://redis.io/docs/latest/develop/data-types/streams/) for one that is easy to try, or run \`redis-cli XADD\`.`;

const SIZES = {
  wide: { width: 1280, height: 860 },
  phone: { width: 360, height: 740 },
} as const;
const VIEWS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['wide', 'phone'] as const).map((size) => ({ colorScheme, size })),
);

async function shoot({ page }: Visit, name: string): Promise<void> {
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
}

/** Nothing may make a phone scroll sideways. */
const overflow = ({ page }: Visit): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe.skipIf(chromiumMissing)('the look of the page', () => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay('postgres', { provider, variables: { AUTH_MODE: 'none' } });
  beforeAll(async () => {
    await publishModels(relay, 'gpt-large', 'gpt-small');
    await fillHistory();
  });

  async function fillHistory(): Promise<void> {
    const questions = [
      'Plan a week of cooking for two',
      'What is a fencing token?',
      'Translate this letter into French',
    ];
    await provider.script(questions.map(() => ({ text: 'Gladly.' })));
    const visit = await newVisit(browser, relay.url);
    const chat = await new ChatPage(visit.page).open();
    for (const question of questions) {
      await chat.ask(question);
      await chat.newChat();
    }
    await visit.context.close();
  }

  it('prints the conversation alone, whole and in light colours', async () => {
    const visit = await newVisit(browser, relay.url, { colorScheme: 'dark', viewport: SIZES.wide });
    const { page } = visit;
    const chat = await new ChatPage(page).open();
    await provider.script([
      { text: `\`\`\`ts\nconst long = '${'x'.repeat(400)}';\n\`\`\`\n\n${'A paragraph.\n\n'.repeat(60)}` },
    ]);
    await chat.ask('Something to print');
    await page.emulateMedia({ media: 'print' });
    const around = ['.side', '.composer', '.message footer button', '.question-actions'].map((one) =>
      page.locator(one).first().isVisible(),
    );
    expect(await Promise.all(around)).toEqual(around.map(() => false));
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
    const clipped = await page.evaluate<string[]>(`[...document.querySelectorAll('.app, .main, .transcript, pre')]
      .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1)
      .map((one) => one.className || one.localName)`);
    expect(clipped).toEqual([]);
    await shoot(visit, 'print');
    await visit.context.close();
    assertQuiet(visit);
  });

  it.each(VIEWS)('is right in the $colorScheme, $size', async ({ colorScheme, size }) => {
    const visit = await newVisit(browser, relay.url, { colorScheme, viewport: SIZES[size], reducedMotion: 'reduce' });
    const chat = await new ChatPage(visit.page).open();
    const name = (what: string): string => `${what}-${colorScheme}-${size}`;
    await visit.page.getByLabel('Model').waitFor();
    await shoot(visit, name('welcome'));
    await assertAccessible(visit.page, 'the welcome screen');
    expect(await overflow(visit)).toBe(0);

    await provider.script([
      { text: ANSWER },
      { text: 'A queue hands out work', deltas: ['A queue ', 'hands out work'], hang_after: 2 },
    ]);
    await chat.ask('What is the difference between a queue and a log, and when do I use which?');
    await shoot(visit, name('answer'));
    expect(await overflow(visit)).toBe(0);

    await chat.send('Say it in one sentence.');
    await chat.answers.getByText('A queue hands out work').waitFor();
    await shoot(visit, name('streaming'));
    await chat.stopButton.click();
    await chat.answers.getByText('Stopped').waitFor();
    await provider.script([]);
    await chat.send('One more thing');
    await visit.page.getByRole('alert').waitFor();
    await shoot(visit, name('error'));
    await assertAccessible(visit.page, 'a failed answer');
    expect(await overflow(visit)).toBe(0);

    const background = await visit.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'light' ? 'rgb(251, 250, 248)' : 'rgb(23, 25, 27)');
    assertQuiet(visit);
    await visit.context.close();
  });

  it.each(['light', 'dark'] as const)('has its conversations in a drawer on a phone (%s)', async (colorScheme) => {
    const visit = await newVisit(browser, relay.url, { colorScheme, viewport: SIZES.phone, reducedMotion: 'reduce' });
    const chat = await new ChatPage(visit.page).open();
    await visit.page.getByRole('button', { name: 'Conversations' }).click();
    await chat.threads.getByText('What is a fencing token?').waitFor();
    await shoot(visit, `drawer-${colorScheme}-phone`);
    await visit.page.keyboard.press('Escape');
    await until('the drawer is closed', 2_000, async () => (await chat.threads.count()) === 0);

    await visit.page.getByRole('button', { name: 'Conversations' }).click();
    await chat.threads.getByText('What is a fencing token?').click();
    await chat.answers.getByText('Gladly.').waitFor();
    expect(await chat.threads.count()).toBe(0);
    await visit.context.close();
  });

  it('can be used by keyboard alone', async () => {
    const visit = await newVisit(browser, relay.url);
    const chat = await new ChatPage(visit.page).open();
    const { keyboard } = visit.page;
    const focused = (): Promise<string> =>
      visit.page.evaluate<string>(`document.activeElement.ariaLabel || document.activeElement.textContent.trim()`);
    expect(await visit.page.evaluate('document.activeElement.id')).toBe('message');

    await provider.script([{ text: 'Fine.' }]);
    await keyboard.type('first line');
    await keyboard.press('Shift+Enter');
    await keyboard.type('second line');
    await keyboard.press('Enter');
    await chat.answers.getByText('Fine.').waitFor();
    expect(await chat.questions.innerText()).toBe('first line\nsecond line');
    expect(await visit.page.evaluate('document.activeElement.id')).toBe('message');

    await visit.page.evaluate('document.activeElement.blur(), scrollTo(0, 0)');
    await visit.page.locator('.skip').focus();
    expect(await focused()).toBe('Go to the message field');
    await keyboard.press('Tab');
    expect(await focused()).toBe('New chat');
    await keyboard.press('Tab');
    expect(await focused()).toBe('Search conversations');
    await keyboard.press('Tab');
    expect(await focused()).toContain('first line');
    await keyboard.press('Tab');
    expect(await focused()).toMatch(/^Actions for “first line/);
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await chat.answers.first().waitFor();
    expect(await visit.page.evaluate('document.activeElement.id')).toBe('message');
    await visit.context.close();
  });
});
