import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Nearer to the end than this counts as being there. */
const NEAR_PX = 56;

interface StickToEnd {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The person has scrolled up and reads there. */
  readonly isAway: boolean;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
}

/** Keeps the end of what grows in sight, until the person scrolls up; coming back to the end takes it up again. */
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
    // Only a move upwards is the person's wish: the end also runs away when the content grows.
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
