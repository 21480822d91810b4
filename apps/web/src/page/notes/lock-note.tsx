import { texts } from '../../i18n/texts.js';
import { LockIcon, NewIcon } from '../icons.js';

interface LockNoteProps {
  /** Why nothing can be written here any more. */
  readonly reason: string;
  readonly onNew: () => void;
}

/** The end of a conversation that is locked or closed, and a way on. */
export function LockNote({ reason, onNew }: LockNoteProps) {
  return (
    <div className="note" data-tone="info" role="status">
      <div className="note-head">
        <LockIcon />
        <p dir="auto">{reason}</p>
        <button type="button" className="note-action" onClick={onNew}>
          <NewIcon />
          {texts.core.newChat}
        </button>
      </div>
    </div>
  );
}
