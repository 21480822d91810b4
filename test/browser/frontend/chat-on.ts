import { expect } from 'vitest';
import { until } from '../../support/chat.js';
import type { useProvider } from '../../support/provider.js';
import type { Relay } from '../../support/relay.js';
import type { Visit } from '../chat-page.js';
import { type OfficialPage, serveStub } from '../official/official-page.js';

export interface Handed {
  readonly api: { readonly url: string; readonly uploadStrategy: object };
  readonly initialThread: string | null;
  readonly startScreen: { readonly greeting: string };
  readonly composer: object;
  readonly theme: { readonly colorScheme: string };
}

interface Example {
  readonly visit: Visit;
  readonly relay: Relay;
  readonly provider: ReturnType<typeof useProvider>;
  /** Of the example's page. */
  readonly url: string;
}

/** Asks, attaches, reloads, and finds the conversation again. */
export async function chatOn(page: OfficialPage, { visit, relay, provider, url }: Example): Promise<void> {
  await serveStub(visit);
  await page.open(url);
  const options = await page.options<Handed>();
  expect(options.api).toMatchObject({ url: `${relay.url}/chatkit`, uploadStrategy: { type: 'two_phase' } });
  expect(options.startScreen.greeting).toBe('What can I do for you?');
  expect(options.composer).toMatchObject({ attachments: { enabled: true } });
  await provider.script([{ text: 'Hello from afar.' }, { text: 'A dot.' }]);
  await page.do('ask', 'Hi');
  expect(await page.answer()).toBe('Hello from afar.');
  const note = await page.do<{ id: string }>('attach', 'note.txt', 'text/plain', [72, 105]);
  await page.do('ask', 'And this?', { attachments: [note] });
  expect(await page.answer()).toBe('A dot.');
  const threadId = await page.see<string>('chatKit.threadId');
  await page.open(url);
  expect((await page.options<Handed>()).initialThread).toBe(threadId);
  await until('the conversation', 10_000, async () => (await page.answer()) === 'A dot.');
}
