import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { assertQuiet, newVisit } from '../chat-page.js';
import { CDN_SCRIPT, OfficialPage, serveStub } from './official-page.js';

const CHATKIT_CONFIG = fileURLToPath(new URL('../composer/composer.config.yaml', import.meta.url));

describe.skipIf(chromiumMissing)('the official component on a server with several models and direct uploads', () => {
  const browser = useChromium();
  const provider = useProvider();
  const folder = temporaryFolder('official-');
  const relay = useRelay('redis', () => ({
    variables: {
      AUTH_MODE: 'none',
      CHATKIT_CONFIG,
      OPENAI_URL: provider.url,
      UPLOAD: 'direct',
      DATA_DIR: folder,
    },
  }));

  it('has the models, uploads with one request, and speaks the language that was chosen on the built-in page', async () => {
    const visit = await newVisit(browser, relay.url);
    await visit.context.addInitScript(`localStorage.setItem('chatkit-language', 'ar')`);
    await serveStub(visit);
    const page = await new OfficialPage(visit).open();
    const { api, locale, composer } = await page.options<{
      api: { uploadStrategy: object };
      locale: string;
      composer: { models: { id: string; default: boolean }[] };
    }>();
    expect(locale).toBe('ar');
    expect(api.uploadStrategy).toEqual({ type: 'direct', uploadUrl: expect.stringMatching(/\/files$/) as string });
    expect(composer.models.find((model) => model.default)?.id).toBe('openai/seer');
    expect(composer.models.map(({ id }) => id)).toEqual(expect.arrayContaining(['openai/alpha-1', 'blind/reader']));

    await provider.script([{ text: 'A note.' }]);
    const attachment = await page.do<{ id: string }>('attach', 'note.txt', 'text/plain', [104, 105]);
    await page.do('ask', 'What is it?', { attachments: [attachment], model: 'openai/alpha-1' });
    expect(await page.answer()).toBe('A note.');
    const [message] = await relay.query<{ payload: unknown }>(
      `SELECT payload FROM items WHERE type = 'user_message' ORDER BY created_at DESC LIMIT 1`,
    );
    expect(JSON.stringify(message?.payload)).toContain(attachment.id);
    await visit.context.close();
    assertQuiet({ ...visit, foreign: visit.foreign.filter((address) => address !== CDN_SCRIPT) });
  });
});
