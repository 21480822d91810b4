import { useState } from 'react';
import type { Chat } from '../../chat/chat.js';
import { texts } from '../../i18n/texts.js';
import type { Snippet } from '../../protocol/thread-requests.js';
import type { Thread } from '../../protocol/types.js';
import { useExplain } from '../explain.js';
import { DownloadIcon, EditIcon, LockIcon, TrashIcon } from '../icons.js';
import { Menu, MenuItem } from '../menu.js';
import { saveText } from '../save-text.js';
import { SnippetLine } from './snippet-line.js';
import { RenameField } from './rename-field.js';

interface ThreadRowProps {
  readonly chat: Chat;
  readonly thread: Thread;
  readonly title: string;
  /** Where the words that were searched for are. */
  readonly snippet?: Snippet | undefined;
  readonly isCurrent: boolean;
  readonly isAnswering: boolean;
  readonly onChosen: () => void;
  readonly onDelete: () => void;
}

/** One conversation in the list. */
export function ThreadRow({
  chat,
  thread,
  title,
  snippet,
  isCurrent,
  isAnswering,
  onChosen,
  onDelete,
}: ThreadRowProps) {
  const [isRenaming, setRenaming] = useState(false);
  const [problem, setProblem] = useState<string>();
  const explain = useExplain();
  const attempt = (doing: Promise<unknown>): void => {
    setProblem(undefined);
    doing.catch((error: unknown) => setProblem(explain(error)));
  };
  const save = async (): Promise<void> => {
    const { name, text } = await chat.export(thread.id, title);
    saveText(name, text, 'text/markdown');
  };
  const rename = (changed: string | undefined): void => {
    setRenaming(false);
    if (changed !== undefined && changed !== title) attempt(chat.rename(thread.id, changed));
  };
  return (
    <li className="thread-row" data-current={isCurrent || undefined}>
      {isRenaming ? (
        <RenameField title={title} onDone={rename} />
      ) : (
        <>
          <button
            type="button"
            className="thread"
            aria-current={isCurrent ? 'true' : undefined}
            onClick={() => {
              chat.openThread(thread.id);
              onChosen();
            }}
          >
            <span className="thread-title" dir="auto">
              {title}
              {snippet && <SnippetLine snippet={snippet} />}
            </span>
            {thread.status && thread.status.type !== 'active' && <Locked />}
            {isAnswering && <span className="thread-dot" role="img" aria-label={texts.core.isBeingAnswered} />}
          </button>
          <Menu label={texts.core.actionsFor(title)}>
            <MenuItem icon={<EditIcon />} onChoose={() => setRenaming(true)}>
              {texts.core.rename}
            </MenuItem>
            <MenuItem icon={<DownloadIcon />} onChoose={() => attempt(save())}>
              {texts.core.exportMarkdown}
            </MenuItem>
            <MenuItem icon={<TrashIcon />} isDanger onChoose={onDelete}>
              {texts.core.delete}
            </MenuItem>
          </Menu>
        </>
      )}
      {problem && (
        <p className="thread-problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

const Locked = () => (
  <span className="thread-lock" role="img" aria-label={texts.core.isLocked}>
    <LockIcon />
  </span>
);
