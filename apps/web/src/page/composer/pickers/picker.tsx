import { type FocusEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ChevronIcon } from '../icons.js';
import { type Choice, ChoiceList } from './choice-list.js';

interface PickerProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  /** What the button shows; the name of what is chosen without it. */
  readonly button?: ReactNode;
  readonly search?: { readonly label: string; readonly nothing: string } | undefined;
}

/** A button, and above it a list to choose one of. */
export function Picker({ label, choices, chosen, onChoose, button, search }: PickerProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const current = choices.find(({ id }) => id === chosen);
  useOutsidePress(root, isOpen, () => setOpen(false));

  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const onBlur = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !root.current?.contains(relatedTarget)) setOpen(false);
  };
  return (
    <div className="picker" ref={root} onBlur={onBlur}>
      <button
        ref={opener}
        type="button"
        className={button ? 'icon-button tool-button' : 'picker-button'}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-label={current && !button ? `${label}: ${current.label}` : label}
        title={label}
        onClick={() => setOpen(!isOpen)}
      >
        {button ?? (
          <>
            <span className="picker-chosen">{current?.label ?? label}</span>
            <ChevronIcon />
          </>
        )}
      </button>
      {isOpen && (
        <ChoiceList
          id={listId}
          label={label}
          choices={choices}
          chosen={chosen}
          search={search}
          onClose={close}
          onChoose={(id) => {
            onChoose(id);
            close();
          }}
        />
      )}
    </div>
  );
}

function useOutsidePress(root: React.RefObject<HTMLElement | null>, isOpen: boolean, onPress: () => void): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPointerDown = ({ target }: PointerEvent): void => {
      if (target instanceof Node && !root.current?.contains(target)) onPress();
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  });
}
