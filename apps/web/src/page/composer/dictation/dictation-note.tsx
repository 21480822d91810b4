import type { Dictation, DictationState } from '../../../chat/dictation.js';
import { texts } from '../../../i18n/texts.js';
import { CloseIcon } from '../../icons.js';

interface DictationNoteProps {
  readonly dictation: Dictation;
  readonly now: DictationState;
  readonly wasFull: boolean;
}

/** What went wrong, or that the speech was cut. */
export function DictationNote({ dictation, now, wasFull }: DictationNoteProps) {
  const isFailed = now.type === 'failed';
  const text = isFailed ? failureText(now) : now.type === 'idle' && wasFull ? texts.composer.wasFull : undefined;
  if (!text) return null;
  return (
    <div className="file-refused" role={isFailed ? 'alert' : 'status'} data-tone={isFailed ? 'error' : 'info'}>
      <p>{text}</p>
      <button
        type="button"
        className="icon-button small"
        aria-label={texts.core.dismiss}
        onClick={() => dictation.cancel()}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

function failureText({ problem, message }: Extract<DictationState, { type: 'failed' }>): string {
  const { composer } = texts;
  switch (problem) {
    case 'refused':
      return composer.microphoneRefused;
    case 'missing':
      return composer.microphoneMissing;
    case 'insecure':
      return composer.microphoneInsecure;
    case 'broken':
      return composer.microphoneBroken;
    case 'silent':
      return composer.silent;
    case 'server':
      return message || composer.notTranscribed;
  }
}
