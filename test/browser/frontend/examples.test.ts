import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { duringSuite } from '../../support/during-suite.js';
import { engineKinds } from '../../support/engines.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { newVisit, type Visit } from '../chat-page.js';
import { OfficialPage, serveScript, serveStub } from '../official/official-page.js';
import { chatOn, type Handed } from './chat-on.js';
import { type LoginProxy, loginInFrontOf } from './login-proxy.js';
import { copyExample, linkPackages, manifestOf, ROOT, run } from './projects.js';
import { serveFolder, type StaticSite } from './static-site.js';

const [engine = 'postgres'] = engineKinds;

describe.skipIf(chromiumMissing)('front ends on origins of their own', () => {
  const browser = useChromium();
  const provider = useProvider();
  const plainFolder = copyExample('html');
  const reactFolder = copyExample('react');
  const plain = duringSuite<StaticSite>(
    () => {
      cpSync(join(ROOT, 'dist/client/dist'), join(plainFolder, 'chatkit-relay'), { recursive: true });
      const source = readFileSync(join(plainFolder, 'index.html'), 'utf8');
      writeFileSync(join(plainFolder, 'with-cookies.html'), source.replace(' url,', " url, credentials: 'include',"));
      return serveFolder(plainFolder);
    },
    (site) => site.close(),
  );
  const react = duringSuite<StaticSite>(
    () => serveFolder(join(reactFolder, 'dist')),
    (site) => site.close(),
  );
  const relay = useRelay(engine, () => ({
    provider,
    variables: { AUTH_MODE: 'none', CORS_ORIGINS: `${plain.url},${react.url}` },
  }));

  let visit: Visit;
  let page: OfficialPage;
  beforeEach(async () => {
    visit = await newVisit(browser, relay.url);
    page = new OfficialPage(visit);
  });
  afterEach(() => visit.context.close());

  const chatAt = (url: string): Promise<void> => chatOn(page, { visit, relay, provider, url });

  it('the plain page chats, attaches, and finds its conversation again', async () => {
    await chatAt(`${plain.url}/?server=${encodeURIComponent(`${relay.url}/chatkit`)}`);
    expect(visit.problems).toEqual([]);
  });

  it('the plain page says why there is no chat', async () => {
    await serveStub(visit);
    const alert = visit.page.getByRole('alert');
    const opened = async (server: string): Promise<string> => {
      await visit.page.goto(`${plain.url}/?server=${encodeURIComponent(server)}`);
      await alert.filter({ hasText: /./ }).waitFor();
      return alert.innerText();
    };
    expect(await opened(`${relay.url}/elsewhere/chatkit`)).toContain('is no ChatKit Relay: it answered 404');
    expect(await opened('http://127.0.0.1:9/chatkit')).toContain(`was it started with CORS_ORIGINS=${plain.url}?`);
  });

  it('the plain page says that the CDN is out of reach', async () => {
    await serveScript(visit, (route) => route.abort());
    await visit.page.goto(`${plain.url}/?server=${encodeURIComponent(`${relay.url}/chatkit`)}`);
    const alert = visit.page.getByRole('alert').filter({ hasText: /./ });
    expect(await alert.innerText()).toContain('cdn.platform.openai.com cannot be reached');
  });

  it('a page of an origin that is not listed is told what to set', async () => {
    await serveStub(visit);
    const stranger = await serveFolder(plainFolder);
    await visit.page.goto(`${stranger.url}/?server=${encodeURIComponent(`${relay.url}/chatkit`)}`);
    const alert = visit.page.getByRole('alert').filter({ hasText: /./ });
    expect(await alert.innerText()).toContain(`was it started with CORS_ORIGINS=${stranger.url}?`);
    await stranger.close();
  });

  /** Logs in at the server's own address, and opens the page of another origin. */
  async function openAfterLogin(server: string, attributes: string, path = 'with-cookies.html'): Promise<void> {
    await serveStub(visit);
    await visit.page.goto(`${server}/login?attributes=${encodeURIComponent(attributes)}`);
    const url = `${plain.url}/${path}?server=${encodeURIComponent(`${server}/chatkit`)}`;
    await visit.page.goto(url);
  }
  const hello = async (): Promise<string> => {
    await until('the options', 10_000, () => page.see<boolean>('Boolean(globalThis.chatKit)'));
    await provider.script([{ text: 'Hello, Ada.' }]);
    await page.do('ask', 'Hi');
    return page.answer();
  };

  describe('behind a login that gives a cookie', () => {
    let login: LoginProxy;
    beforeEach(async () => {
      login = await loginInFrontOf(relay.url);
    });
    afterEach(() => login.close());

    it('chats across sites with SameSite=None', async () => {
      await openAfterLogin(login.urlBy('localhost'), 'SameSite=None; Secure');
      expect(await hello()).toBe('Hello, Ada.');
    });

    it('chats across the origins of one site with SameSite=Lax', async () => {
      await openAfterLogin(login.urlBy('127.0.0.1'), 'SameSite=Lax');
      expect(await hello()).toBe('Hello, Ada.');
    });

    it.each([
      ['SameSite=Lax, across sites', 'localhost', 'SameSite=Lax', 'with-cookies.html'],
      ['no credentials', '127.0.0.1', 'SameSite=Lax', ''],
    ] as const)('says that the server cannot be reached: %s', async (_why, name, attributes, path) => {
      await openAfterLogin(login.urlBy(name), attributes, path);
      const alert = visit.page.getByRole('alert').filter({ hasText: /./ });
      expect(await alert.innerText()).toContain('cannot be reached from this page');
    });
  });

  it('the React project is built as strict TypeScript, chats, attaches, and finds its conversation again', async () => {
    linkPackages(reactFolder);
    run(reactFolder, join(ROOT, 'node_modules/typescript/bin/tsc'), ['-p', '.']);
    const chatUrl = `${relay.url}/chatkit`;
    run(reactFolder, join(ROOT, 'node_modules/vite/bin/vite.js'), ['build'], { VITE_CHAT_URL: chatUrl });
    await chatAt(react.url);
    expect(visit.problems).toEqual([]);
    expect(await page.see(`chatKit.options.entities.onTagSearch('grace')`)).toMatchObject([{ title: 'Grace Hopper' }]);
    await page.see('chatKit.options.header.rightAction.onClick()');
    await until('dark colours', 5_000, async () => (await page.options<Handed>()).theme.colorScheme === 'dark');
    const tool = (call: string) => page.see(`chatKit.options.onClientTool(${call})`);
    expect(await tool(`{ name: 'set_theme', params: { theme: 'light' } }`)).toEqual({ ok: true });
    expect(await tool(`{ name: 'other', params: {} }`)).toEqual({ error: 'This page has no tool other.' });
    await provider.script([{ text: 'A programmer.' }]);
    const tags = [{ type: 'input_tag', id: 'p_2', text: 'Grace Hopper', data: {} }];
    await page.do('ask', 'Who is ', { tags });
    expect(await page.answer()).toBe('A programmer.');
    expect(JSON.stringify((await provider.calls()).at(-1)?.input)).toContain('Grace Hopper');
  }, 120_000);

  it.each(['react', 'next'])('the %s project has the versions that this repository is tested with', (name) => {
    const { dependencies, devDependencies } = manifestOf(join(ROOT, 'examples/frontend', name));
    const ours = manifestOf(ROOT);
    const known: Record<string, string> = { ...ours.dependencies, ...ours.devDependencies };
    const named = Object.entries({ ...dependencies, ...devDependencies }).filter(([id]) => id in known);
    // Next compiles with the TypeScript that it finds, and does not know version 7.
    const compared = named.filter(([id]) => name !== 'next' || id !== 'typescript');
    expect(compared.length).toBeGreaterThan(3);
    expect(Object.fromEntries(compared)).toEqual(Object.fromEntries(compared.map(([id]) => [id, known[id]])));
  });
});

it('the guide shows the examples as they are', () => {
  const guide = readFileSync(join(ROOT, 'docs/frontend.md'), 'utf8');
  const blocks = [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```\w+\n(.*?)```/gs)];
  expect(blocks.length).toBeGreaterThan(3);
  for (const [, path = '', block] of blocks) expect(block).toBe(readFileSync(join(ROOT, path), 'utf8'));
});
