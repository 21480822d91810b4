import { texts } from '../../i18n/texts.js';
import { Markdown } from '../markdown/markdown.js';

/** The keys, and a word of warning: the assistant's own, if it has one. */
export function ComposerHint({ disclaimer }: { readonly disclaimer: string | undefined }) {
  const [keys, warning] = texts.composer.hint;
  return (
    <div className="composer-hint" id="composer-hint">
      <span className="composer-keys">{keys} </span>
      {disclaimer ? <Markdown text={disclaimer} scope="disclaimer" /> : <span>{warning}</span>}
    </div>
  );
}
