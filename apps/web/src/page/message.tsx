import { memo } from 'react';
import { type Entry, textOf } from '../protocol/fold.js';
import { CopyButton } from './copy-button.js';
import { Markdown } from './markdown/markdown.js';

/** One entry of the thread. For item types that this page does not know, a note fills the gap. */
export const Message = memo(function Message({ entry }: { readonly entry: Entry }) {
  switch (entry.item.type) {
    case 'user_message':
      return <UserBubble text={textOf(entry.item)} />;
    case 'assistant_message':
      return <Answer entry={entry} />;
    case 'other':
      return <p className="unknown-item">A part of this conversation cannot be shown on this page.</p>;
  }
});

interface UserBubbleProps {
  readonly text: string;
  readonly isPending?: boolean;
}

export function UserBubble({ text, isPending = false }: UserBubbleProps) {
  return (
    <article className="message user" aria-label="You said" data-pending={isPending || undefined}>
      <p>{text}</p>
    </article>
  );
}

const REMARKS = { open: undefined, done: undefined, stopped: 'Stopped', lost: 'Not kept' } as const;

function Answer({ entry: { item, progress } }: { readonly entry: Entry }) {
  const text = textOf(item);
  const remark = REMARKS[progress];
  if (text === '' && progress === 'open') return <Typing />;
  return (
    <article className="message assistant" aria-label="The assistant said" data-progress={progress}>
      <Markdown text={text} scope={item.id} />
      {progress !== 'open' && (
        <footer>
          {remark && <span className="remark">{remark}</span>}
          <CopyButton label="Copy answer" text={() => text} />
        </footer>
      )}
    </article>
  );
}

export function Typing({ label }: { readonly label?: string | undefined }) {
  return (
    <p className="typing">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {label}
    </p>
  );
}
