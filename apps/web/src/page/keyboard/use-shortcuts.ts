import { useEffect, useRef } from 'react';
import { type Shortcut, shortcutOf } from './shortcuts.js';

/** Calls the action of each shortcut. A dialog on top of the page has the keyboard to itself. */
export function useShortcuts(actions: Readonly<Record<Shortcut, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const shortcut = event.defaultPrevented ? undefined : shortcutOf(event);
      if (!shortcut || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      latest.current[shortcut]();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
