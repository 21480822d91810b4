import { describe, expect, it as base } from 'vitest';
import { until } from '../support/chat.js';
import { chromiumMissing, isCi, useChromium } from '../support/chromium.js';
import { engineKinds } from '../support/engines.js';
import { oneEngine } from '../support/one-engine.js';
import { assertQuiet, ChatPage, newVisit } from './chat-page.js';
import { useRelay } from '../support/relay.js';
import { useProvider } from '../support/provider.js';

if (chromiumMissing) console.warn(chromiumMissing);

base('has a browser where a machine promises one (CI=true)', () => {
  expect(isCi ? chromiumMissing : '').toBe('');
});

const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `word${index} `);
const userSaid = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const assistantSaid = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});

/** One process of each kind, and what `docker compose up --scale worker=3` with two APIs would be. */
const setups = [
  ...oneEngine('postgres').map((engine) => ({ engine, apis: 1, workers: 1, mode: 'development' })),
  ...engineKinds.slice(0, 1).map((engine) => ({ engine, apis: 2, workers: 3, mode: 'production' })),
];

/** Takes the page's network away: what it is reading breaks, and nothing reaches the server. */
const CUTTER = `
  const { fetch: whole, TypeError: Lost } = window;
  const broken = [];
  let isCut = false;
  window.cutter = {
    cut: () => { isCut = true; for (const reject of broken) reject(new Lost('cut')); },
    mend: () => { isCut = false; },
  };
  window.fetch = async (...request) => {
    if (isCut) throw new Lost('Failed to fetch');
    const response = await whole(...request);
    if (!response.body) return response;
    const reader = response.body.getReader();
    const lost = new Promise((_, reject) => broken.push(reject));
    lost.catch(() => undefined);
    const pull = async (to) => {
      const { done, value } = await Promise.race([reader.read(), lost]);
      if (done) to.close(); else to.enqueue(value);
    };
    return new Response(new ReadableStream({ pull, cancel: (why) => reader.cancel(why) }), response);
  };
`;

describe.skipIf(chromiumMissing).each(setups)(
  'the page: $engine, $apis API, $workers worker',
  ({ engine, apis, workers, mode }) => {
    const browser = useChromium();
    const provider = useProvider();
    const relay = useRelay(engine, { provider, apis, workers, variables: { NODE_ENV: mode, AUTH_MODE: 'none' } });
    const it = base
      .extend('visit', async ({ onTestFinished }) => {
        const visit = await newVisit(browser, relay.url);
        onTestFinished(async () => {
          await visit.context.close();
          assertQuiet(visit);
        });
        return visit;
      })
      .extend('chat', ({ visit }) => new ChatPage(visit.page).open());

    it('shows an answer while it is being written, as Markdown', async ({ chat }) => {
      const deltas = [
        '# Head',
        'ing\n\n',
        ...words(30),
        '\n\n```js\nconst a',
        ' = 1;\n```\n\n<b>no</b> ',
        '[link](https://example.com) ',
        '![pixel](https://tracker.example.org/a.png)',
      ];
      await provider.script([{ text: deltas.join(''), deltas, delay_ms: 120 }]);
      await chat.send('Show me');

      const seen = new Set<string>();
      await until('the answer is complete', 25_000, async () => {
        const [text] = await chat.answers.locator('.markdown').allInnerTexts();
        if (text) seen.add(text);
        return (await chat.answers.getByRole('button', { name: 'Copy answer' }).count()) > 0;
      });
      const lengths = [...seen].map((text) => text.length);
      expect(lengths.length).toBeGreaterThan(3);
      expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));

      const [answer] = await chat.answers.all();
      expect(await answer?.getByRole('heading').innerText()).toBe('Heading');
      expect(await answer?.locator('pre').innerText()).toBe('const a = 1;\n');
      expect(await answer?.innerText()).toContain('<b>no</b>');
      const link = answer?.getByRole('link', { name: 'link', exact: true });
      expect(await link?.getAttribute('target')).toBe('_blank');
      expect(await link?.getAttribute('rel')).toContain('noopener');
      expect(await answer?.getByRole('link', { name: 'Image: pixel' }).count()).toBe(1);
      expect(await answer?.locator('img').count()).toBe(0);
    });

    it('copies code', async ({ chat, visit }) => {
      await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await provider.script([{ text: '```sh\necho 1\n\necho 2\n```' }]);
      await chat.ask('Code, please');
      await visit.page.getByRole('button', { name: 'Copy code' }).click();
      await visit.page.getByText('Copied').first().waitFor();
      expect(await visit.page.evaluate('navigator.clipboard.readText()')).toBe('echo 1\n\necho 2');
    });

    it('stops by Escape, keeps what was there, and goes on from it', async ({ chat, visit }) => {
      await provider.script([
        { text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 2 },
        { text: 'Done.' },
      ]);
      await chat.send('Count');
      await chat.answers.getByText('one two').waitFor();
      await visit.page.keyboard.press('Escape');
      await chat.answers.getByText('Stopped').waitFor();
      await until('the provider is told', 5_000, async () => (await provider.calls())[0]?.cancelled);

      await chat.ask('And now?');
      const [, second] = await provider.calls();
      expect(second?.input).toContainEqual(assistantSaid('one two '));
      // With the word that the answer was stopped: two messages of one role in a row are one.
      const asked = expect.stringMatching(/stopped[^]*\n\nAnd now\?$/) as string;
      expect(second?.input.at(-1)).toEqual(userSaid(asked));
    });

    it('stops by its button, and says so when there was no answer yet', async ({ chat, visit }) => {
      await provider.script([{ text: 'never', hang_after: 0 }]);
      await chat.send('Hello?');
      await until('the model is asked', 5_000, async () => (await provider.calls()).length > 0);
      await chat.stopButton.click();
      await visit.page.getByText('Stopped before the answer began.').waitFor();
      expect(await chat.sendButton.isVisible()).toBe(true);
    });

    it('goes on with the answer after a reload in its middle', async ({ chat, visit }) => {
      const deltas = words(80);
      await provider.script([{ text: deltas.join(''), deltas, delay_ms: 50 }]);
      await chat.send('Tell me');
      await chat.answers.getByText('word3').waitFor();
      await visit.page.reload();
      await chat.stopButton.waitFor();
      await chat.answers.getByRole('button', { name: 'Copy answer' }).waitFor();
      const [run] = await relay.query(
        `SELECT state, error_code, error_detail, stop_requested_at FROM runs ORDER BY created_at DESC LIMIT 1`,
      );
      // First, so that a failure tells whether the answer was stopped, broke off, or was only shown in part.
      expect(run).toEqual({ state: 'completed', error_code: null, error_detail: null, stop_requested_at: null });
      expect(await chat.questions.allInnerTexts()).toEqual(['Tell me']);
      expect(await chat.answers.locator('.markdown').allInnerTexts()).toEqual([deltas.join('').trim()]);
      expect(await provider.calls()).toHaveLength(1);
    });

    it('can stop the answer after a reload in its middle, and keeps what was there', async ({ chat, visit }) => {
      await provider.script([
        { text: 'kept text and the rest', deltas: ['kept ', 'text ', 'and the rest'], hang_after: 2 },
      ]);
      await chat.send('Tell me');
      await chat.answers.getByText('kept text').waitFor();
      await visit.page.reload();
      await chat.answers.getByText('kept text').waitFor();
      await chat.stopButton.click();
      await chat.answers.getByText('Stopped').waitFor();
      await until('the provider is told', 5_000, async () => (await provider.calls())[0]?.cancelled);

      await visit.page.reload();
      await chat.answers.getByText('kept text').waitFor();
      await chat.sendButton.waitFor();
      expect(await chat.answers.count()).toBe(1);
    });

    it('keeps the thread after a reload, and the model remembers it', async ({ chat, visit }) => {
      await provider.script([{ text: 'Nice to meet you, Ada.' }, { text: 'Your name is Ada.' }]);
      await chat.ask('I am Ada');
      await visit.page.reload();
      await chat.answers.getByText('Nice to meet you, Ada.').waitFor();
      expect(await chat.ask('Who am I?')).toBe('Your name is Ada.');

      const [, second] = await provider.calls();
      expect(second?.input).toEqual([
        userSaid('I am Ada'),
        assistantSaid('Nice to meet you, Ada.'),
        userSaid('Who am I?'),
      ]);
    });

    it('begins a new chat, and comes back to the old one', async ({ chat, visit }) => {
      await provider.script([{ text: 'Answer about apples.' }, { text: 'Answer about pears.' }]);
      await chat.ask(`Apples on ${engine}`);
      const apples = await chat.rememberedThread();
      await chat.newChat();
      expect(await chat.rememberedThread()).toBeNull();
      expect(await chat.answers.count()).toBe(0);
      await chat.ask(`Pears on ${engine}`);
      const pears = await chat.rememberedThread();
      expect(pears).not.toBe(apples);
      expect((await provider.calls())[1]?.input).toEqual([userSaid(`Pears on ${engine}`)]);

      const titles = await chat.threads.allInnerTexts();
      expect(titles.slice(0, 2)).toEqual([`Pears on ${engine}`, `Apples on ${engine}`]);
      await chat.threads.nth(1).getByRole('button').first().click();
      await chat.answers.getByText('Answer about apples.').waitFor();
      expect(await chat.rememberedThread()).toBe(apples);

      await visit.page.reload();
      await chat.threads.getByText(`Pears on ${engine}`).click();
      await chat.answers.getByText('Answer about pears.').waitFor();
    });

    it('lets an answer go on while another conversation is looked at', async ({ chat }) => {
      await provider.script([{ text: words(60).join(''), deltas: words(60), delay_ms: 40 }, { text: 'Short.' }]);
      await chat.send('A long one');
      await chat.answers.getByText('word3').waitFor();
      await chat.newChat();
      expect(await chat.ask('A short one')).toBe('Short.');
      await chat.threads.getByText('A long one').click();
      await chat.answers.getByText('word59').waitFor();
      expect((await provider.calls())[0]?.cancelled).toBeUndefined();
    });

    it('lists threads page by page', async ({ chat, visit }) => {
      await relay.query(
        `INSERT INTO threads (id, tenant_id, owner_id, created_at)
       SELECT 'thr_old' || n, 'default', 'local', now() - n * interval '1 day' FROM generate_series(1, 25) n`,
      );
      await visit.page.reload();
      await until('a full page', 5_000, async () => (await chat.threads.count()) === 20);
      await visit.page.getByRole('button', { name: 'Show more' }).click();
      await until('the next page', 5_000, async () => (await chat.threads.count()) >= 25);
      expect(await visit.page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
      // The page asks for the name of each thread that it shows: it must not meet one that is gone.
      await visit.page.waitForLoadState('networkidle');
      await relay.query(`DELETE FROM threads WHERE id LIKE 'thr_old%'`);
    });

    it('says what went wrong, and tries again', async ({ chat, visit }) => {
      await provider.script([{ text: 'half a', deltas: ['half ', 'a'], error: { after: 1 } }, { text: 'Whole.' }]);
      await chat.send('Break');
      const alert = visit.page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.innerText()).not.toBe('');
      await alert.getByRole('button', { name: 'Try again' }).click();
      await chat.answers.getByText('Whole.').waitFor();
      expect((await provider.calls())[1]?.input).toEqual([userSaid('Break')]);
      expect(await chat.questions.allInnerTexts()).toEqual(['Break']);
    });

    it('says when the server is not there, and keeps the message', async ({ chat, visit }) => {
      await visit.context.setOffline(true);
      await chat.send('Is anybody there?');
      const alert = visit.page.getByRole('alert');
      await alert.getByText('The server cannot be reached.').waitFor();
      await visit.context.setOffline(false);
      await provider.script([{ text: 'Yes.' }]);
      await alert.getByRole('button', { name: 'Send again' }).click();
      await chat.answers.getByText('Yes.').waitFor();
      expect(await chat.questions.allInnerTexts()).toEqual(['Is anybody there?']);
      // How many requests the page had under way (names of threads, the list) is a matter of timing.
      const problems = visit.problems.splice(0);
      expect(problems).not.toEqual([]);
      expect(problems.filter((problem) => !problem.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    });

    it('says while an answer is cut off from the server, and goes on with it', async ({ chat, visit }) => {
      const { page } = visit;
      await page.addInitScript({ content: CUTTER });
      await chat.open();
      const deltas = words(40);
      await provider.script([{ text: deltas.join(''), deltas, delay_ms: 100 }]);
      await chat.send('Go on');
      await chat.answers.getByText('word1 ').waitFor();
      const note = page.getByText('The server cannot be reached at the moment.');
      expect(await note.count()).toBe(0);
      await page.evaluate('cutter.cut()');
      await note.waitFor();
      await page.evaluate('cutter.mend()');
      await note.waitFor({ state: 'detached' });
      await chat.answers.getByRole('button', { name: 'Copy answer' }).waitFor();
      expect((await chat.answers.locator('.markdown').innerText()).trim()).toBe(deltas.join('').trim());
    });

    it('says soon that a conversation cannot be loaded, and loads it then', async ({ chat, visit }) => {
      const { page } = visit;
      await provider.script([{ text: 'Kept.' }]);
      await chat.ask('Keep this');
      await page.addInitScript({ content: `${CUTTER} cutter.cut();` });
      await page.reload();
      const alert = page.getByRole('log').getByRole('alert');
      await alert.getByText('The server cannot be reached.').waitFor();
      await page.evaluate('cutter.mend()');
      await alert.getByRole('button', { name: 'Try again' }).click();
      await chat.answers.getByText('Kept.').waitFor();
      expect(await alert.count()).toBe(0);
    });

    it('offers the models that the provider lists, and remembers the choice', async ({ chat, visit }) => {
      const picker = visit.page.getByRole('button', { name: /^Model: / });
      // A worker asks for the list when it has started, and publishes it then.
      await until('the picker', 10_000, async () => {
        await visit.page.reload();
        await chat.field.waitFor();
        return (await picker.count()) > 0;
      });
      await picker.click();
      await visit.page.getByRole('option', { name: /^fake / }).click();
      await provider.script([{ text: 'I am the other one.' }]);
      await chat.ask('Who are you?');
      expect((await provider.calls())[0]?.model).toBe('fake');
      await visit.page.reload();
      await visit.page.getByRole('button', { name: 'Model: fake', exact: true }).waitFor();
    });

    it('stays where the person reads while the answer grows below', async ({ chat, visit }) => {
      const deltas = Array.from({ length: 120 }, (_, index) => `Paragraph ${index}.\n\n`);
      await provider.script([{ text: deltas.join(''), deltas, delay_ms: 15 }]);
      await chat.send('A long text');
      await chat.answers.getByText('Paragraph 40.').waitFor();
      const top = (): Promise<number> => visit.page.evaluate<number>(`document.querySelector('.transcript').scrollTop`);
      expect(await top()).toBeGreaterThan(0);
      await visit.page.mouse.move(700, 300);
      await visit.page.mouse.wheel(0, -600);
      const toEnd = visit.page.getByRole('button', { name: 'Go to the end' });
      await toEnd.waitFor();
      const held = await top();
      await chat.answers.getByText('Paragraph 119.').waitFor({ state: 'attached' });
      expect(await top()).toBe(held);
      await toEnd.click();
      expect(await top()).toBeGreaterThan(held);
      expect(await toEnd.count()).toBe(0);
    });
  },
);
