import { type KeyboardEvent, useEffect, useState } from 'react';
import type { ThreadSearch } from '../../chat/thread-search.js';
import { texts } from '../../i18n/texts.js';
import { CloseIcon, SearchIcon } from '../icons.js';

/** So that not every letter is a request. */
const PAUSE_MS = 220;

/** Where the shortcut leads; see `keyboard/use-shortcuts.ts`. */
export const SEARCH_ID = 'search';

export function SearchField({ search }: { readonly search: ThreadSearch }) {
  const [words, setWords] = useState(() => search.store.latest.words);
  useEffect(() => {
    const timer = window.setTimeout(() => void search.search(words), words === '' ? 0 : PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [search, words]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || words === '') return;
    event.preventDefault();
    setWords('');
  };
  return (
    <div className="search">
      <SearchIcon />
      <input
        id={SEARCH_ID}
        type="search"
        // An empty field that decides by its content would show its placeholder from left to right.
        dir={words === '' ? undefined : 'auto'}
        autoComplete="off"
        aria-label={texts.core.search}
        placeholder={texts.core.search}
        maxLength={200}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {words !== '' && (
        <button
          type="button"
          className="icon-button small"
          onClick={() => setWords('')}
          aria-label={texts.core.clearSearch}
        >
          <CloseIcon />
        </button>
      )}
    </div>
  );
}
