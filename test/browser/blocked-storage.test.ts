import { describe, expect, it } from 'vitest';
import { chromiumMissing, useChromium } from '../support/chromium.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { assertQuiet, ChatPage, newVisit } from './chat-page.js';
import { OfficialPage, serveStub } from './official/official-page.js';

/** As browsers do it that are told to block all cookies and site data. */
const BLOCKED = `
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, {
      get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); },
    });
`;

describe.skipIf(chromiumMissing).each(oneEngine('redis'))(
  'a browser that blocks storage, on the %s engine',
  (engine) => {
    const browser = useChromium();
    const provider = useProvider();
    const relay = useRelay(engine, { provider, variables: { AUTH_MODE: 'none' } });

    it('shows the page, which sends, and opens conversations', async () => {
      const visit = await newVisit(browser, relay.url);
      await visit.context.addInitScript(BLOCKED);
      await provider.script([{ text: 'Without storage.' }]);
      const chat = await new ChatPage(visit.page).open();
      expect(await chat.ask('How do you work?')).toContain('Without storage.');
      await chat.threads.first().waitFor();
      assertQuiet(visit);
      await visit.context.close();
    });

    it('shows the page with the official component', async () => {
      const visit = await newVisit(browser, relay.url);
      await visit.context.addInitScript(BLOCKED);
      await serveStub(visit);
      const page = await new OfficialPage(visit).open();
      expect((await page.options<{ api: { url: string } }>()).api.url).toBe('/chatkit');
      await visit.context.close();
    });
  },
);
