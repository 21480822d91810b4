import type { Notice } from '../../chat/conversation-state.js';
import { texts } from '../../i18n/texts.js';
import { AlertIcon, InfoIcon, WarningIcon } from '../icons.js';
import { Markdown } from '../markdown/markdown.js';

const ICONS = { info: InfoIcon, warning: WarningIcon, danger: AlertIcon } as const;

interface NoticeNoteProps {
  readonly notice: Notice;
  /** Distinguishes the footnotes of different notices. */
  readonly scope: string;
}

/** What the assistant tells beside its answer; it is not kept in the thread. */
export function NoticeNote({ notice: { level, title, message }, scope }: NoticeNoteProps) {
  const Icon = ICONS[level];
  const names = { info: texts.core.note, warning: texts.core.warning, danger: texts.core.danger };
  return (
    <div className="note" data-tone={level} role={level === 'info' ? 'status' : 'alert'}>
      <div className="note-head">
        <Icon />
        <div className="note-text">
          <span className="visually-hidden">{names[level]}: </span>
          {title && <strong dir="auto">{title}</strong>}
          <Markdown text={message} scope={scope} />
        </div>
      </div>
    </div>
  );
}
