import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { browserStorage } from '../chat/browser-storage.js';
import { Memory } from '../chat/memory.js';
import { OfficialChat } from './official-chat.js';

const memory = new Memory(browserStorage());
const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <OfficialChat memory={memory} />
    </StrictMode>,
  );
}
