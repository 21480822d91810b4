import { type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useRef, useState } from 'react';
import { MoreIcon } from './icons.js';

interface MenuProps {
  /** What it is for. */
  readonly label: string;
  readonly children: ReactNode;
}

const GAP_PX = 4;

/** A button that opens a list of actions. The browser's popover closes on Escape and on a click elsewhere. */
export function Menu({ label, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const onToggle = (event: ToggleEvent): void => {
    const isNowOpen = event.newState === 'open';
    setOpen(isNowOpen);
    if (!isNowOpen) return;
    place(list.current, button.current);
    itemsOf(list.current)[0]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button small menu-button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
      >
        <MoreIcon />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        className="menu"
        aria-label={label}
        onToggle={onToggle}
        onKeyDown={moveFocus}
        onClick={() => list.current?.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}

interface MenuItemProps {
  readonly icon: ReactNode;
  readonly isDanger?: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, isDanger = false, onChoose, children }: MenuItemProps) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} data-danger={isDanger || undefined} onClick={onChoose}>
      {icon}
      {children}
    </button>
  );
}

const itemsOf = (list: HTMLElement | null): HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []),
];

/** Below the button, or above it where there is no room, and inside the window. */
function place(list: HTMLElement | null, button: HTMLElement | null): void {
  if (!list || !button) return;
  const by = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const isRightToLeft = document.documentElement.dir === 'rtl';
  const left = isRightToLeft ? by.left : by.right - width;
  const below = by.bottom + GAP_PX;
  const top = below + height > window.innerHeight ? by.top - GAP_PX - height : below;
  list.style.left = `${Math.max(GAP_PX, Math.min(left, window.innerWidth - width - GAP_PX))}px`;
  list.style.top = `${Math.max(GAP_PX, top)}px`;
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget);
  const position = items.findIndex((item) => item === document.activeElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: position + 1,
    ArrowUp: position - 1,
    Home: 0,
    End: items.length - 1,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  items.at(step % items.length)?.focus();
}
