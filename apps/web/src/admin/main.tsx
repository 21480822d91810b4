import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Admin } from './admin.js';

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Admin />
    </StrictMode>,
  );
}
