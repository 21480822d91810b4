import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatKitFetch } from '../../../../libs/client/src/index.js';
import { browserStorage } from '../chat/browser-storage.js';
import { Chat } from '../chat/chat.js';
import { Composing } from '../chat/composing.js';
import { DraftMemory } from '../chat/draft-memory.js';
import { FileSizes } from '../chat/file-sizes.js';
import { Memory } from '../chat/memory.js';
import { Reach } from '../chat/reach.js';
import { createClient } from '../protocol/client.js';
import { ComposingContext } from './composer/composing-context.js';
import { record } from './composer/dictation/record.js';
import { Page } from './page.js';
import { ReachContext } from './reach-context.js';
import { BrowserAddress } from './browser-address.js';
import { BrowserTabs } from './browser-tabs.js';
import { sendByXhr } from './send-by-xhr.js';
import { speak } from './settings/language.js';
import { watchUse } from './in-use.js';
import { showTheme } from './settings/theme.js';

const storage = browserStorage();
const memory = new Memory(storage);
const reach = new Reach();
const chatFetch = createChatKitFetch({
  fetch: reach.noting((...request) => fetch(...request)),
  // The page keeps a message that was not accepted, and offers to send it again.
  sendRetry: { attempts: 3 },
  // In the language that the person has chosen, in place of the browser's: also the place in line of a followed answer.
  headers: (): Record<string, string> => (memory.language ? { 'accept-language': memory.language } : {}),
});
const client = createClient(chatFetch, {
  sendFile: sendByXhr,
  assistant: () => memory.assistant,
});
const address = new BrowserAddress();
const tabs = new BrowserTabs();
const chat = new Chat({
  client,
  memory,
  address,
  tabs,
  schedule: (run) => requestAnimationFrame(run),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  isVisible: () => !document.hidden,
  isInUse: watchUse(document),
  onDeleted: (threadId) => composing.drafts.forget(threadId),
});
const composing = new Composing(chat, {
  client,
  memory: new DraftMemory(storage),
  sizes: new FileSizes(storage),
  record,
});
address.onMove((threadId) => chat.arrive(threadId));
tabs.onMessage((message) => chat.receive(message));
// What the server has is asked for while the language is being loaded.
void chat.start();
chat.watch();

showTheme(memory.theme);
await speak(memory.language);

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ComposingContext value={composing}>
        <ReachContext value={reach}>
          <Page chat={chat} memory={memory} />
        </ReachContext>
      </ComposingContext>
    </StrictMode>,
  );
}
