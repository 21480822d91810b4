import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Within this distance, the view counts as being at the end. */
const NEAR_PX = 56;

interface StickToEnd {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The user has scrolled up. */
  readonly isAway: boolean;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
}

/** Keeps the end of growing content in view until the user scrolls up, and again once they are back at the end. */
export function useStickToEnd(content: unknown): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const isStuck = useRef(true);
  const lastTop = useRef(0);
  const [isAway, setAway] = useState(false);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    isStuck.current = true;
    setAway(false);
    element.scrollTop = element.scrollHeight;
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    // Only an upward move is the user's: the distance to the end also grows with the content.
    if (isAtEnd) isStuck.current = true;
    else if (element.scrollTop < lastTop.current) isStuck.current = false;
    lastTop.current = element.scrollTop;
    setAway(!isStuck.current);
  }, []);

  useLayoutEffect(() => {
    if (isStuck.current) toEnd();
  }, [content, toEnd]);

  // The window, the composer and images change the height without new content.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (isStuck.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);

  return { scroller, isAway, onScroll, toEnd };
}
