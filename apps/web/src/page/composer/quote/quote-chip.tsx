import { texts } from '../../../i18n/texts.js';
import { CloseIcon } from '../../icons.js';
import { QuoteIcon } from '../icons.js';

/** The part of an answer that the message is about. */
export function QuoteChip({ quote, onRemove }: { readonly quote: string; readonly onRemove: () => void }) {
  return (
    <div className="quote-chip" role="group" aria-label={texts.composer.quote}>
      <QuoteIcon />
      <q>{quote}</q>
      <button type="button" className="icon-button small" aria-label={texts.composer.removeQuote} onClick={onRemove}>
        <CloseIcon />
      </button>
    </div>
  );
}
