import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatKitFetch } from '../../../../libs/client/src/index.js';
import { Chat } from '../chat/chat.js';
import { Memory } from '../chat/memory.js';
import { createClient } from '../protocol/client.js';
import { App } from './app.js';

const chat = new Chat({
  client: createClient(createChatKitFetch()),
  memory: new Memory(localStorage),
  schedule: (run) => requestAnimationFrame(run),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
void chat.start();

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App chat={chat} />
    </StrictMode>,
  );
}
