import { useSyncExternalStore } from 'react';
import { useMedia } from './use-media.js';

/** Whether the page is dark now: by the choice made for this page, else by that of the system. */
export function useIsDark(): boolean {
  const isSystemDark = useMedia('(prefers-color-scheme: dark)');
  const chosen = useSyncExternalStore(onChoice, () => document.documentElement.style.colorScheme);
  return chosen === '' ? isSystemDark : chosen === 'dark';
}

function onChoice(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['style'] });
  return () => observer.disconnect();
}
