import { texts } from '../../../i18n/texts.js';
import { formatSize } from '../format-size.js';
import { DropIcon } from '../icons.js';

/** Shown over the page while files are dragged over it. */
export function DropOverlay({ maxSize }: { readonly maxSize: number }) {
  return (
    <div className="drop-overlay">
      <div className="drop-card">
        <DropIcon />
        <strong>{texts.composer.dropHere}</strong>
        <span>{texts.composer.dropNote(formatSize(maxSize))}</span>
      </div>
    </div>
  );
}
