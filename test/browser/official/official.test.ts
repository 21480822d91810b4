import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThread, post, threadIdOf, until } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { oneEngine } from '../../support/one-engine.js';
import { newVisit, type Visit } from '../chat-page.js';
import { useRelay } from '../../support/relay.js';
import { useProvider } from '../../support/provider.js';
import { CDN_SCRIPT, OfficialPage, serveScript, serveStub } from './official-page.js';

interface Handed {
  readonly api: { readonly url: string; readonly domainKey: string };
  readonly initialThread: string | null;
  readonly theme: { readonly colorScheme: string };
  readonly startScreen: { readonly prompts: readonly { readonly label: string; readonly prompt: string }[] };
}

describe.skipIf(chromiumMissing).each(oneEngine('redis'))(
  'the page with the official component on the %s engine',
  (engine) => {
    const browser = useChromium();
    const provider = useProvider();
    const relay = useRelay(engine, { provider, variables: { AUTH_MODE: 'none' } });
    let visit: Visit;
    let page: OfficialPage;
    beforeEach(async () => {
      visit = await newVisit(browser, relay.url, { colorScheme: 'dark' });
      page = new OfficialPage(visit);
    });
    afterEach(async () => {
      await visit.context.close();
    });

    it('hands over our server, prompts with labels and no thread at first', async () => {
      await serveStub(visit);
      await page.open();
      const options = await page.options<Handed>();
      expect(options.api).toMatchObject({ url: '/chatkit', domainKey: 'local-dev' });
      expect(options.initialThread).toBeNull();
      expect(options.theme.colorScheme).toBe('dark');
      expect(options.startScreen.prompts.length).toBeGreaterThan(0);
      for (const { label, prompt } of options.startScreen.prompts) {
        expect(label).not.toBe('');
        expect(prompt).not.toBe('');
      }
      expect(await page.see('chatKit.handed.length')).toBe(1);
      expect(visit.problems).toEqual([]);
      expect(visit.foreign).toEqual([CDN_SCRIPT]);
    });

    it('keeps the thread after a reload, and forgets it with a new chat', async () => {
      await provider.script([{ text: 'Hello.' }]);
      const threadId = threadIdOf(await post(relay.url, createThread('Hi')));
      await serveStub(visit);
      await page.open();
      await page.do('setThreadId', threadId);
      expect(await page.see(`localStorage.getItem('chatkit-thread-id')`)).toBe(threadId);
      await page.open();
      expect((await page.options<Handed>()).initialThread).toBe(threadId);

      await visit.page.goto('/');
      await visit.page.getByText('Hello.').waitFor();
      await page.open();
      await page.do('setThreadId', null);
      await page.open();
      expect((await page.options<Handed>()).initialThread).toBeNull();
      expect(visit.problems).toEqual([]);
    });

    it('starts a new conversation where the remembered one is gone', async () => {
      await serveStub(visit);
      await visit.context.addInitScript(
        `if (!sessionStorage.seen) { localStorage.setItem('chatkit-thread-id', 'thr_gone'); sessionStorage.seen = 1; }`,
      );
      await page.open();
      await until('a new conversation', 10_000, () =>
        page.see<boolean>(`localStorage.getItem('chatkit-thread-id') === null && chatKit.threadId === null`),
      );
      expect(visit.problems).toEqual([expect.stringContaining('404')]);
    });

    it('keeps a thread up to date while an answer from before the reload is written', async () => {
      const deltas = Array.from({ length: 12 }, (_, index) => `word${index} `);
      await provider.script([{ text: deltas.join(''), deltas, delay_ms: 700 }]);
      await serveStub(visit);
      await page.open();
      const asked = visit.page.evaluate(`void chatKit.ask('Hi')`);
      const threadId = await until('the thread', 10_000, async () => {
        const [run] = await relay.query<{ thread_id: string }>(
          `SELECT thread_id FROM runs WHERE state = 'working' ORDER BY created_at DESC LIMIT 1`,
        );
        return run?.thread_id;
      });
      await asked;
      await page.open();
      await page.do('setThreadId', threadId);
      await until('the end of the run', 20_000, async () => {
        const [run] = await relay.query<{ state: string }>(`SELECT state FROM runs WHERE thread_id = $1`, [threadId]);
        return run?.state === 'completed';
      });
      await until('two updates', 10_000, () => page.see<boolean>('chatKit.updates > 1'));
      await until('the whole answer', 10_000, async () => (await page.answer()) === deltas.join(''));
      expect(visit.problems).toEqual([]);
    }, 60_000);

    it('carries out a stop that was pressed while the browser was offline', async () => {
      await provider.script([{ text: 'one two', deltas: ['one ', 'two'], hang_after: 1 }]);
      await serveStub(visit);
      await page.open();
      await page.see(`void chatKit.ask('Far away').catch((error) => { globalThis.ended = String(error); })`);
      const runId = await until('the run', 10_000, async () => {
        const [run] = await relay.query<{ id: string }>(`SELECT id FROM runs WHERE state = 'working'`);
        return run?.id;
      });
      await until('its answer', 10_000, () => page.see<boolean>(`sessionStorage.length > 0`));
      await visit.context.setOffline(true);
      await page.do('stop');
      await until('the end of the stream', 10_000, () => page.see<boolean>(`Boolean(globalThis.ended)`));
      await visit.context.setOffline(false);
      await until('the stop', 10_000, async () => {
        const [run] = await relay.query<{ state: string }>(`SELECT state FROM runs WHERE id = $1`, [runId]);
        return run?.state === 'cancelled';
      });
      expect(visit.problems.filter((problem) => !problem.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    });

    it('says plainly that the CDN cannot be reached', async () => {
      await serveScript(visit, (route) => route.abort());
      await visit.page.goto('/chatkit-react');
      const alert = visit.page.getByRole('alert');
      await alert.getByText(/cdn\.platform\.openai\.com cannot be reached/).waitFor();
      expect(new Set(visit.problems)).toEqual(new Set([expect.stringContaining('ERR_FAILED')]));
      await alert.getByRole('link').click();
      await visit.page.getByLabel('Message', { exact: true }).waitFor();
    });

    it('does not wait for ever on a network that swallows the request', async () => {
      await visit.page.clock.install();
      await serveScript(visit, () => new Promise(() => undefined));
      await visit.page.goto('/chatkit-react', { waitUntil: 'commit' });
      await visit.page.getByText('Loading the ChatKit component').waitFor();
      await visit.page.clock.fastForward(20_000);
      const alert = visit.page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.innerText()).toMatch(/cannot be reached/);
    });
  },
);
