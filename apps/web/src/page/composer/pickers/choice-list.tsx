import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { CheckIcon } from '../../icons.js';
import { SearchIcon } from '../icons.js';

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  /** Short words about it, such as what a model can do. */
  readonly marks?: readonly string[];
}

interface ChoiceListProps {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: string | undefined;
  readonly search: { readonly label: string; readonly nothing: string } | undefined;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** A listbox whose focus stays in one place, on the search field if there is one; the keys move the mark. */
export function ChoiceList({ id, label, choices, chosen, search, onChoose, onClose }: ChoiceListProps) {
  const [words, setWords] = useState('');
  const found = choices.filter((choice) => hasWords(choice, words));
  const [marked, setMarked] = useState(chosen ?? choices[0]?.id);
  const position = Math.max(
    0,
    found.findIndex((choice) => choice.id === marked),
  );
  const active = found[position];
  const activeId = active && `${id}-${found.indexOf(active)}`;
  const list = useRef<HTMLUListElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    (input.current ?? list.current)?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const target = targetOf(event.key, position, found.length);
    if (target !== undefined) setMarked(found[target]?.id);
    else if (event.key === 'Enter') {
      if (active) onChoose(active.id);
    } else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div className="picker-panel" onKeyDown={onKeyDown}>
      {search && (
        <div className="picker-search">
          <SearchIcon />
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-label={search.label}
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={activeId}
            aria-autocomplete="list"
            autoComplete="off"
            spellCheck="false"
            placeholder={search.label}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      )}
      <ul
        ref={list}
        id={id}
        role="listbox"
        aria-label={label}
        tabIndex={search ? -1 : 0}
        aria-activedescendant={activeId}
      >
        {found.map((choice, index) => (
          // The keys are those of the list.
          <li
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={choice.id === chosen}
            data-active={choice === active || undefined}
            onPointerMove={() => setMarked(choice.id)}
            onClick={() => onChoose(choice.id)}
          >
            <ChoiceRow choice={choice} isChosen={choice.id === chosen} />
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="picker-nothing" role="status">
          {search?.nothing}
        </p>
      )}
    </div>
  );
}

function ChoiceRow({ choice: { label, detail, marks = [] }, isChosen }: { choice: Choice; isChosen: boolean }) {
  return (
    <>
      <span className="choice-text">
        <span className="choice-label">{label}</span>
        {detail && <span className="choice-detail">{detail}</span>}
        {marks.length > 0 && (
          <span className="choice-marks">
            {marks.map((mark) => (
              <span key={mark}>{mark}</span>
            ))}
          </span>
        )}
      </span>
      {isChosen && <CheckIcon />}
    </>
  );
}

/** All words, anywhere in what is shown. */
function hasWords({ label, detail = '', id }: Choice, words: string): boolean {
  const shown = `${label} ${detail} ${id}`.toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => shown.includes(word));
}

function targetOf(key: string, position: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, position + 1);
    case 'ArrowUp':
      return Math.max(0, position - 1);
    case 'PageDown':
      return Math.min(count - 1, position + 8);
    case 'PageUp':
      return Math.max(0, position - 8);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
