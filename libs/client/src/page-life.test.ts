import { expect, it } from 'vitest';
import { watchPage } from './page-life.js';

it('a page is leaving while it is hidden, or from pagehide on, until it is shown again', () => {
  const listeners = new Map<string, () => void>();
  const document = { visibilityState: 'visible' };
  const isLeaving = watchPage({ document, addEventListener: (type, listen) => void listeners.set(type, listen) });
  const seen = [isLeaving()];
  listeners.get('pagehide')?.();
  seen.push(isLeaving());
  listeners.get('pageshow')?.();
  seen.push(isLeaving());
  document.visibilityState = 'hidden';
  seen.push(isLeaving());
  expect(seen).toEqual([false, true, false, true]);
});

it('a program without a page is never being left', () => {
  expect(watchPage()()).toBe(false);
});
