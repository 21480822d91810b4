import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { oneEngine } from '../../support/one-engine.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { assertQuiet, newVisit, type Visit } from '../chat-page.js';
import { CDN_SCRIPT, OfficialPage, serveStub } from './official-page.js';

const CHATKIT_CONFIG = fileURLToPath(new URL('chatkit.config.yaml', import.meta.url));
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Item {
  readonly id: string;
  readonly type: string;
  readonly widget?: { readonly children: readonly { readonly value?: string }[] };
}

describe.skipIf(chromiumMissing).each(oneEngine('postgres'))(
  'every option of the official component on the %s engine',
  (engine) => {
    const browser = useChromium();
    const provider = useProvider();
    const relay = useRelay(engine, {
      provider,
      variables: { AUTH_MODE: 'none', CHATKIT_CONFIG, CHATKIT_DOMAIN_KEY: 'domain_pk_test' },
    });
    let visit: Visit;
    let page: OfficialPage;
    let answersOfDialogs: boolean;
    const questions: string[] = [];
    beforeEach(async () => {
      visit = await newVisit(browser, relay.url, {
        locale: 'fr-FR',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      answersOfDialogs = true;
      questions.length = 0;
      visit.page.on('dialog', (dialog) => {
        questions.push(dialog.message());
        void (answersOfDialogs ? dialog.accept() : dialog.dismiss());
      });
      await serveStub(visit);
      page = await new OfficialPage(visit).open();
    });
    afterEach(async () => {
      await visit.context.close();
      // The script of the CDN is the one address that it asks for elsewhere.
      assertQuiet({ ...visit, foreign: visit.foreign.filter((address) => address !== CDN_SCRIPT) });
    });

    const lastWidget = async (): Promise<string | undefined> => {
      const items = await page.see<Item[]>(`chatKit.itemsOf('widget')`);
      return items.at(-1)?.widget?.children[0]?.value;
    };
    const threadCount = async (): Promise<number> => (await page.do<unknown[]>('conversations')).length;

    it('has what the server says: domain key, upload strategy, limits, and how the assistant presents itself', async () => {
      expect(await page.options()).toMatchObject({
        api: { url: '/chatkit', domainKey: 'domain_pk_test', fetch: 'function', uploadStrategy: { type: 'two_phase' } },
        history: { enabled: true, showDelete: true, showRename: true },
        threadItemActions: { feedback: true, retry: true },
        startScreen: {
          greeting: 'What shall it be?',
          prompts: [{ label: 'A widget', prompt: 'widget', icon: 'cube' }],
        },
        composer: {
          placeholder: 'One word',
          dictation: { enabled: true },
          tools: [{ id: 'search', label: 'Search', icon: 'search', pinned: true, persistent: true }],
          attachments: { enabled: true, maxCount: 10, maxSize: 20 * 1024 * 1024 },
        },
        disclaimer: { text: 'It is **a test**.' },
        commands: { enabled: true, onSearch: 'function', onSelect: 'function' },
        widgets: { onAction: 'function' },
        onClientTool: 'function',
        header: { enabled: true, leftAction: { icon: 'home' }, rightAction: { icon: 'dark-mode' } },
        frameTitle: 'Chat with this server',
        theme: { colorScheme: 'light', color: { accent: { primary: '#12705f' } } },
        thread: { autoScroll: true },
      });
      expect(
        (await page.options<{ composer: { attachments: { accept: object } } }>()).composer.attachments.accept,
      ).toMatchObject({
        'image/png': ['.png'],
      });
    });

    it('shows a conversation in the history, renames and deletes it', async () => {
      await provider.script([{ text: 'Hello.' }]);
      const before = await threadCount();
      await page.do('ask', 'Hi there');
      const threadId = await page.see<string>('chatKit.threadId');
      await page.do('rename', 'A new name');
      expect(await page.do('conversations')).toContainEqual([threadId, 'A new name']);
      await page.do('delete');
      expect(await threadCount()).toBe(before);
      expect(await page.see(`localStorage.getItem('chatkit-thread-id')`)).toBeNull();
    });

    it('takes feedback, and answers again', async () => {
      await provider.script([{ text: 'One.' }, { text: 'Better.' }]);
      await page.do('ask', 'Hi');
      await page.do('feedback', 'negative');
      const [given] = await relay.query<{ kind: string }>('SELECT kind FROM feedback ORDER BY created_at DESC LIMIT 1');
      expect(given?.kind).toBe('negative');
      await page.do('retry');
      expect(await page.answer()).toBe('Better.');
    });

    it('uploads an attachment, and sends it', async () => {
      await provider.script([{ text: 'A dot.' }]);
      const attachment = await page.do<{ id: string; type: string }>('attach', 'dot.png', 'image/png', [...PNG]);
      expect(attachment.type).toBe('image');
      await page.do('ask', 'What is it?', { attachments: [attachment] });
      expect(await page.answer()).toBe('A dot.');
      expect(JSON.stringify((await provider.calls()).at(-1)?.input)).toContain('data:image/png;base64');
      await expect(page.do('attach', 'a.exe', 'application/x-msdownload', [1])).rejects.toThrow('cannot be attached');
    });

    it('prints the run of an answer that has failed, until the next one begins', async () => {
      await page.do('ask', 'fail');
      const [run] = await relay.query<{ id: string; state: string }>(
        'SELECT id, state FROM runs ORDER BY created_at DESC LIMIT 1',
      );
      expect(run?.state).toBe('failed');
      await visit.page.getByText(`Run: ${run?.id}`).waitFor();
      await page.do('ask', 'widget');
      expect(await visit.page.getByText('The last answer failed').count()).toBe(0);
    });

    it('turns speech into text', async () => {
      const speech = Buffer.from('RIFFxxxxWAVEfmt ').toString('base64');
      expect(await page.do('dictate', speech, 'audio/webm;codecs=opus')).toEqual({
        text: 'Heard audio/webm;codecs=opus',
      });
    });

    it('hands the choice of a tool and the locale to the assistant', async () => {
      await page.do('ask', 'choice', { tool_choice: { id: 'search' } });
      expect(JSON.parse(await page.answer())).toMatchObject({ choice: { toolChoice: 'search' } });
    });

    it('sends the actions of widgets: to the server with and without a stream, and to the page', async () => {
      await page.do('ask', 'widget');
      expect(await lastWidget()).toBe('A card');
      await page.do('press', 'Dark');
      await until('dark colours', 5_000, async () => {
        const { theme } = await page.options<{ theme: { colorScheme: string } }>();
        return theme.colorScheme === 'dark';
      });
      await page.do('press', 'Own');
      expect(await page.answer()).toBe('own {"x":1}');
      await page.do('press', 'Again');
      expect(await lastWidget()).toBe('2 more');
      await page.do('ask', 'widget');
      await page.do('press', 'Save');
      expect(await lastWidget()).toBe('saved');
    });

    it.each([
      ['set_theme {"theme":"dark"}', { theme: 'dark' }],
      ['get_page_context', { title: 'ChatKit Relay: official component', theme: 'light', language: 'fr-FR' }],
      ['copy_to_clipboard {"text":"copied"}', { copied: true }],
      ['open_link {"url":"javascript:alert(1)"}', { error: 'not_available' }],
      ['fly_away', { error: 'not_available' }],
    ])('runs the client tool %s', async (call, result) => {
      await page.do('ask', `tool ${call}`);
      const [, said = ''] = /^The page says (.*)$/.exec(await page.answer()) ?? [];
      expect(JSON.parse(said)).toMatchObject(result);
    });

    it('asks the person before it copies or opens anything', async () => {
      await page.do('ask', 'tool copy_to_clipboard {"text":"secret"}');
      expect(await page.see('navigator.clipboard.readText()')).toBe('secret');
      answersOfDialogs = false;
      await page.do('ask', 'tool copy_to_clipboard {"text":"other"}');
      expect(await page.answer()).toContain('declined');
      expect(await page.see('navigator.clipboard.readText()')).toBe('secret');
      await page.do('ask', 'tool open_link {"url":"https://example.com/x"}');
      expect(await page.answer()).toContain('declined');
      expect(questions.map((question) => question.split('\n').at(-1))).toEqual([
        'secret',
        'other',
        'https://example.com/x',
      ]);
      expect(visit.context.pages()).toHaveLength(1);
    });

    it('follows the effects of the server that it knows', async () => {
      await page.do('ask', 'effect set_theme {"theme":"dark"}');
      await until('dark colours', 5_000, () =>
        page.see<boolean>(`document.documentElement.style.colorScheme === 'dark'`),
      );
      await page.do('ask', 'effect elsewhere {}');
      expect(await page.answer()).toBe('Done.');
    });

    it('has buttons in the header for the colours and for the built-in page', async () => {
      await page.see('chatKit.options.header.rightAction.onClick()');
      await until('dark colours', 5_000, async () => {
        const { header } = await page.options<{ header: { rightAction: { icon: string } } }>();
        return header.rightAction.icon === 'light-mode';
      });
      await page.see('chatKit.options.header.leftAction.onClick()');
      await visit.page.waitForURL(`${relay.url}/`);
      expect(await visit.page.title()).not.toContain('official');
    });

    it('has commands: a new conversation, the history, and another assistant', async () => {
      await page.do('ask', 'widget');
      const found = await page.see<{ id: string }[]>(`chatKit.options.commands.onSearch('')`);
      expect(found.map(({ id }) => id)).toEqual(['new', 'history', 'theme', 'assistant']);
      const select = (id: string) =>
        page.see<unknown>(`chatKit.options.commands.onSelect({ id: ${JSON.stringify(id)} })`);
      await select('history');
      expect(await page.see('chatKit.historyOpen')).toBe(true);
      await select('new');
      expect(await page.see('chatKit.threadId')).toBeNull();
      expect(await select('assistant')).toMatchObject({
        type: 'menu',
        commands: [{ label: 'Everything' }, { label: 'Plain' }],
      });
      await select('assistant:plain');
      await until('the other assistant', 5_000, async () => {
        const { api } = await page.options<{ api: { url: string } }>();
        return api.url === '/chatkit?assistant=plain';
      });
      const options = await page.options<{
        startScreen: { greeting: string };
        composer: object;
        disclaimer?: object;
      }>();
      expect(options.startScreen.greeting).toBe('What would you like to know?');
      expect(options.disclaimer).toBeUndefined();
      expect(options.composer).not.toHaveProperty('tools');
      await provider.script([{ text: 'I am plain.' }]);
      await page.do('ask', 'widget');
      expect(await page.answer()).toBe('I am plain.');
      await page.open();
      expect((await page.options<{ api: { url: string } }>()).api.url).toBe('/chatkit?assistant=plain');
    });
  },
);
