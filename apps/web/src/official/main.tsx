import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatKitFetch } from '../../../../libs/client/src/index.js';
import { Memory } from '../chat/memory.js';
import { createClient } from '../protocol/client.js';
import { loadComponent } from './load-component.js';
import { OfficialPage } from './official-page.js';

const memory = new Memory(localStorage);
const ready = loadComponent();
const chatFetch = createChatKitFetch();
// The page works without a list of models: the server's default model answers.
const models = createClient(chatFetch)
  .listModels()
  .catch(() => []);

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <OfficialPage chatFetch={chatFetch} memory={memory} ready={ready} models={models} />
    </StrictMode>,
  );
}
