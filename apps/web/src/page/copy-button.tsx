import { useEffect, useState } from 'react';
import { texts } from '../i18n/texts.js';
import { CheckIcon, CopyIcon } from './icons.js';

const CONFIRM_MS = 1_800;

interface CopyButtonProps {
  readonly text: () => string;
  /** What it copies, for screen readers. */
  readonly label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!result) return undefined;
    const timer = window.setTimeout(() => setResult(undefined), CONFIRM_MS);
    return () => window.clearTimeout(timer);
  }, [result]);

  const copy = (): void => {
    copyText(text()).then(
      () => setResult('copied'),
      () => setResult('failed'),
    );
  };
  const status = result ? (result === 'copied' ? texts.core.copied : texts.core.notCopied) : texts.core.copy;
  return (
    <button type="button" className="copy" onClick={copy} aria-label={result ? status : label}>
      {result === 'copied' ? <CheckIcon /> : <CopyIcon />}
      <span aria-live="polite">{status}</span>
    </button>
  );
}

/** Browsers offer the clipboard to secure origins only; a server in a local network may be reached by plain HTTP. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way without a secure origin
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('the browser refused');
}
