import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** Earlier items are asked for this far before the first one comes into view. */
const AHEAD = '1200px 0px 0px 0px';

interface EarlierOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  /** The id of the first item. */
  readonly firstId: string | undefined;
  /** Where the items before it are; undefined if there are none. */
  readonly cursor: string | undefined;
  readonly load: () => void;
}

interface Earlier {
  /** What holds the items. */
  readonly column: RefObject<HTMLDivElement | null>;
  /** What stands before the first item as long as there are earlier ones. */
  readonly top: RefObject<HTMLButtonElement | null>;
}

/** Loads earlier items when the person comes near the first one. What is in view stays where it is. */
export function useEarlier({ scroller, firstId, cursor, load }: EarlierOptions): Earlier {
  const column = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLButtonElement>(null);
  const first = useRef<{ readonly chunk: Element; readonly top: number }>(undefined);

  useEffect(() => {
    if (!cursor || !top.current) return undefined;
    // One call may bring several reports; the newest is the last.
    const observer = new IntersectionObserver((seen) => seen.at(-1)?.isIntersecting && load(), {
      root: scroller.current,
      rootMargin: AHEAD,
    });
    observer.observe(top.current);
    return () => observer.disconnect();
  }, [cursor, load, scroller]);

  // By hand: at the very top, no browser keeps the view by itself. Of the chunk, not of an entry in it: what the browser skips
  // would be laid out to be measured.
  useLayoutEffect(() => {
    const before = first.current;
    const topOf = (chunk: Element): number =>
      chunk.getBoundingClientRect().top - (column.current?.getBoundingClientRect().top ?? 0);
    if (before?.chunk.isConnected && scroller.current) {
      scroller.current.scrollTop += topOf(before.chunk) - before.top;
    }
    const chunk = column.current?.querySelector('.chunk');
    first.current = chunk ? { chunk, top: topOf(chunk) } : undefined;
  }, [firstId, scroller]);

  return { column, top };
}
