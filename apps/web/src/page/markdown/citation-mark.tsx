import { createContext, use } from 'react';
import { numberText } from '../../i18n/format.js';
import { texts } from '../../i18n/texts.js';

/** A source as its marks in the text show it. */
export interface CitedSource {
  readonly name: string;
  /** What stands in the text in place of its number. */
  readonly inlineLabel?: string | undefined;
  /** Where it is on the web. */
  readonly url?: string | undefined;
  /** The id of its card. */
  readonly cardId: string;
}

/** The sources of the text around, by their number less one. */
export const CitedSources = createContext<readonly CitedSource[]>([]);

/** The numbers of sources; each leads to its page, or to its card. */
export function CitationMark({ numbers }: { readonly numbers: readonly number[] }) {
  const sources = use(CitedSources);
  return (
    <sup className="citations">
      {numbers.map((number) => {
        const source = sources[number - 1];
        return source && <One key={number} number={numberText(number)} source={source} />;
      })}
    </sup>
  );
}

function One({
  number,
  source: { name, inlineLabel, url, cardId },
}: {
  readonly number: string;
  readonly source: CitedSource;
}) {
  const shown = inlineLabel ?? number;
  const label = texts.items.sourceNumber(shown, name);
  if (url !== undefined) {
    return (
      <a className="citation" href={url} title={name} aria-label={label} target="_blank" rel="noopener noreferrer">
        {number}
      </a>
    );
  }
  return (
    <button type="button" className="citation" title={name} aria-label={label} onClick={() => showCard(cardId)}>
      {shown}
    </button>
  );
}

function showCard(cardId: string): void {
  const card = document.getElementById(cardId);
  card?.scrollIntoView({ block: 'nearest' });
  card?.focus({ preventScroll: true });
}
