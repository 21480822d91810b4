import type { Route } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThread, post, threadIdOf, until } from '../support/chat.js';
import { chromiumMissing, useChromium } from '../support/chromium.js';
import { engineKinds } from '../support/engines.js';
import { newVisit, type Visit } from './chat-page.js';
import { useRelay } from '../support/relay.js';
import { useProvider } from '../support/provider.js';

const CDN_SCRIPT = 'https://cdn.platform.openai.com/deployments/chatkit/chatkit.js';

/** Stands for the component: keeps the options that it is handed, and calls the server as they say. */
const STUB = `
  globalThis.handed = [];
  globalThis.updates = 0;
  customElements.define('openai-chatkit', class extends HTMLElement {
    setOptions(options) { handed.push(options); }
    async fetchUpdates() { updates += 1; }
    ask(text) {
      const { api } = handed.at(-1);
      const input = { content: [{ type: 'input_text', text }], attachments: [], inference_options: {} };
      return (api.fetch ?? fetch)(api.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'chatkit-frame-instance-id': 'x' },
        body: JSON.stringify({ type: 'threads.create', params: { input } }),
      }).then(async (response) => ({ status: response.status, body: await response.text() }));
    }
  });
`;

interface Handed {
  readonly api: { readonly url: string; readonly domainKey: string };
  readonly initialThread: string | null;
  readonly theme: string;
  readonly startScreen: { readonly prompts: readonly { readonly label: string; readonly prompt: string }[] };
}

describe.skipIf(chromiumMissing).each(engineKinds)(
  'the page with the official component on the %s engine',
  (engine) => {
    const browser = useChromium();
    const provider = useProvider();
    const relay = useRelay(engine, { provider, variables: { AUTH_MODE: 'none' } });
    let visit: Visit;
    beforeEach(async () => {
      visit = await newVisit(browser, relay.url, { colorScheme: 'dark' });
    });
    afterEach(async () => {
      await visit.context.close();
    });

    async function serveScript(answer: (route: Route) => Promise<void>): Promise<void> {
      await visit.context.route(/^https:/, (route) =>
        route.request().url() === CDN_SCRIPT ? answer(route) : route.abort(),
      );
    }
    const withStub = (): Promise<void> =>
      serveScript((route) => route.fulfill({ contentType: 'text/javascript', body: STUB }));
    const handed = (): Promise<Handed> => visit.page.evaluate<Handed>('JSON.parse(JSON.stringify(handed.at(-1)))');

    async function open(): Promise<void> {
      await visit.page.goto('/chatkit-react');
      await until('the options', 5_000, () => visit.page.evaluate<boolean>('globalThis.handed?.length > 0'));
    }

    it('hands over our server, prompts with labels and no thread at first', async () => {
      await withStub();
      await open();
      const options = await handed();
      expect(options.api).toEqual({ url: '/chatkit', domainKey: 'local-dev' });
      expect(options.initialThread).toBeNull();
      expect(options.theme).toBe('dark');
      expect(options.startScreen.prompts.length).toBeGreaterThan(0);
      for (const { label, prompt } of options.startScreen.prompts) {
        expect(label).not.toBe('');
        expect(prompt).not.toBe('');
      }
      expect(visit.problems).toEqual([]);
      expect(visit.foreign).toEqual([CDN_SCRIPT]);
    });

    it('lets the component talk to the server by the address that it handed over', async () => {
      await withStub();
      await open();
      await provider.script([{ text: 'Hello from the model.' }]);
      const answer = await visit.page.evaluate<{ status: number; body: string }>(
        `document.querySelector('openai-chatkit').ask('Hi')`,
      );
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('"type":"thread.created"');
      expect(answer.body).toContain('Hello from the model.');
      expect(visit.problems).toEqual([]);
    });

    it('keeps the thread after a reload, and forgets it with a new chat', async () => {
      await provider.script([{ text: 'Hello.' }]);
      const threadId = threadIdOf(await post(relay.url, createThread('Hi')));
      await withStub();
      await open();
      const change = (id: string | null): Promise<void> =>
        visit.page.evaluate<void>(
          `void document.querySelector('openai-chatkit').dispatchEvent(
          new CustomEvent('chatkit.thread.change', { detail: { threadId: ${JSON.stringify(id)} } }))`,
        );
      await change(threadId);
      expect(await visit.page.evaluate(`localStorage.getItem('chatkit-thread-id')`)).toBe(threadId);
      await open();
      expect((await handed()).initialThread).toBe(threadId);

      await visit.page.goto('/');
      await visit.page.getByText('Hello.').waitFor();
      await open();
      await change(null);
      await open();
      expect((await handed()).initialThread).toBeNull();
    });

    it('keeps a thread up to date while an answer from before the reload is written', async () => {
      await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], delay_ms: 700 }]);
      await withStub();
      await open();
      const asked = visit.page.evaluate(`void document.querySelector('openai-chatkit').ask('Hi')`);
      const threadId = await until('the thread', 10_000, async () => {
        const [run] = await relay.query<{ thread_id: string }>(
          `SELECT thread_id FROM runs WHERE state = 'working' ORDER BY created_at DESC LIMIT 1`,
        );
        return run?.thread_id;
      });
      await asked;
      await open();
      await visit.page.evaluate(
        `void document.querySelector('openai-chatkit').dispatchEvent(
          new CustomEvent('chatkit.thread.load.end', { detail: { threadId: ${JSON.stringify(threadId)} } }))`,
      );
      await until('the end of the run', 10_000, async () => {
        const [run] = await relay.query<{ state: string }>(`SELECT state FROM runs WHERE thread_id = $1`, [threadId]);
        return run?.state === 'completed';
      });
      await until('two updates', 10_000, () => visit.page.evaluate<boolean>('updates > 1'));
      expect(visit.problems).toEqual([]);
    });

    it('says plainly that the CDN cannot be reached', async () => {
      await serveScript((route) => route.abort());
      await visit.page.goto('/chatkit-react');
      const alert = visit.page.getByRole('alert');
      await alert.getByText(/cdn\.platform\.openai\.com cannot be reached/).waitFor();
      expect(visit.problems).toEqual([expect.stringContaining('ERR_FAILED')]);
      await alert.getByRole('link').click();
      await visit.page.getByLabel('Message', { exact: true }).waitFor();
    });

    it('does not wait for ever on a network that swallows the request', async () => {
      await visit.page.clock.install();
      await serveScript(() => new Promise(() => undefined));
      await visit.page.goto('/chatkit-react', { waitUntil: 'commit' });
      await visit.page.getByText('Loading the ChatKit component').waitFor();
      await visit.page.clock.fastForward(20_000);
      const alert = visit.page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.innerText()).toMatch(/cannot be reached/);
    });
  },
);
