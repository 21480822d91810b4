import { type ReactNode, useEffect, useRef } from 'react';
import { texts } from '../i18n/texts.js';
import { Brand } from './brand.js';
import { CloseIcon } from './icons.js';

interface DrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly children: ReactNode;
}

/** A panel over the page, for narrow screens. The browser's dialog element traps the focus and closes on Escape. */
export function Drawer({ isOpen, onClose, label, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="drawer-panel">
        <div className="drawer-head">
          <Brand />
          <button type="button" className="icon-button" onClick={onClose} aria-label={texts.core.close}>
            <CloseIcon />
          </button>
        </div>
        {isOpen && children}
      </div>
    </dialog>
  );
}
