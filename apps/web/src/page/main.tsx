import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from '../chat/chat.js';
import { Memory } from '../chat/memory.js';
import { createClient } from '../protocol/client.js';
import { App } from './app.js';

const chat = new Chat({
  client: createClient((input, init) => fetch(input, init)),
  memory: new Memory(localStorage, sessionStorage),
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
