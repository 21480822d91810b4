import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Memory } from '../chat/memory.js';
import { createClient } from '../protocol/client.js';
import { loadComponent } from './load-component.js';
import { OfficialPage } from './official-page.js';

const memory = new Memory(localStorage, sessionStorage);
const ready = loadComponent();
// The page is complete without a list of models: the server's default answers.
const models = createClient((input, init) => fetch(input, init))
  .listModels()
  .catch(() => []);

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <OfficialPage memory={memory} ready={ready} models={models} />
    </StrictMode>,
  );
}
