import { type RefObject, useEffect, useRef } from 'react';

/** Does what a browser does for a page that is loaded: names the tab, and lets the keyboard begin at what is new. */
export function useArrival(title: string): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(title);
  useEffect(() => {
    document.title = `${title} · ChatKit Relay`;
    if (shown.current !== title) main.current?.focus();
    shown.current = title;
  }, [title]);
  return main;
}
