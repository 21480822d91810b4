import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Memory } from '../chat/memory.js';
import { OfficialChat } from './official-chat.js';

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <OfficialChat memory={new Memory(localStorage)} />
    </StrictMode>,
  );
}
