import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { type Align, place, type Side } from './place.js';

interface Popover<Trigger extends HTMLElement> {
  readonly trigger: RefObject<Trigger | null>;
  readonly panel: RefObject<HTMLDivElement | null>;
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** A panel above the page, beside the element that opens it. The browser closes it at a click elsewhere. */
export function usePopover<Trigger extends HTMLElement>(side: Side, align: Align): Popover<Trigger> {
  const trigger = useRef<Trigger>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  const settle = useCallback(() => {
    if (!trigger.current || !panel.current) return;
    const { style, offsetWidth: width, offsetHeight: height } = panel.current;
    const anchor = trigger.current.getBoundingClientRect();
    style.minWidth = `${anchor.width}px`;
    const isRtl = getComputedStyle(trigger.current).direction === 'rtl';
    const { x, y } = place(anchor, { width, height }, { width: innerWidth, height: innerHeight }, side, align, isRtl);
    style.left = `${x}px`;
    style.top = `${y}px`;
  }, [side, align]);

  useEffect(() => {
    const element = panel.current;
    if (!element) return undefined;
    const onToggle = ({ newState }: ToggleEvent): void => setOpen(newState === 'open');
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, []);

  useEffect(() => {
    if (!isOpen) return undefined;
    settle();
    const observer = new ResizeObserver(settle);
    if (panel.current) observer.observe(panel.current);
    addEventListener('scroll', settle, { capture: true, passive: true });
    addEventListener('resize', settle);
    return () => {
      observer.disconnect();
      removeEventListener('scroll', settle, { capture: true });
      removeEventListener('resize', settle);
    };
  }, [isOpen, settle]);

  const open = useCallback(() => {
    if (panel.current?.matches(':popover-open') === false) panel.current.showPopover();
    setOpen(true);
    settle();
  }, [settle]);
  const close = useCallback(() => {
    if (panel.current?.matches(':popover-open')) panel.current.hidePopover();
    setOpen(false);
  }, []);
  return { trigger, panel, isOpen, open, close };
}
