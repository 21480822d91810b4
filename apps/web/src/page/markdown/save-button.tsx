import { texts } from '../../i18n/texts.js';
import { DownloadIcon } from '../icons.js';
import { saveText } from '../save-text.js';

/** Endings of files whose language has another name. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['bash', 'sh'],
  ['csharp', 'cs'],
  ['javascript', 'js'],
  ['kotlin', 'kt'],
  ['markdown', 'md'],
  ['perl', 'pl'],
  ['plaintext', 'txt'],
  ['python', 'py'],
  ['ruby', 'rb'],
  ['rust', 'rs'],
  ['shell', 'sh'],
  ['typescript', 'ts'],
]);

interface SaveButtonProps {
  readonly text: string;
  readonly language: string | undefined;
}

export function SaveButton({ text, language = 'txt' }: SaveButtonProps) {
  const ending = ENDINGS.get(language) ?? (/^\w{1,8}$/.test(language) ? language : 'txt');
  return (
    <button
      type="button"
      className="copy"
      aria-label={texts.items.saveCode}
      title={texts.items.saveCode}
      onClick={() => saveText(`code.${ending}`, text)}
    >
      <DownloadIcon />
    </button>
  );
}
