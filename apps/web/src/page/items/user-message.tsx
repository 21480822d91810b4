import type { ReactNode } from 'react';
import { texts } from '../../i18n/texts.js';
import type { Outgoing } from '../../protocol/client.js';
import type { Attachment } from '../../protocol/items/attachment.js';
import type { UserPart } from '../../protocol/items/user-message.js';
import { SentAttachments } from '../composer/attachments/sent-attachments.js';
import type { ItemProps } from './item-props.js';

/** What a person said, with what they quoted and mentioned. */
export function UserMessageView({ item: { content, quoted_text, attachments } }: ItemProps<'user_message'>) {
  const parts = content.map((part, index) => (
    // Parts of a sent message do not move.
    // oxlint-disable-next-line react/no-array-index-key
    <Part key={index} part={part} />
  ));
  return <Said quote={quoted_text} attachments={attachments} text={parts.length > 0 && parts} />;
}

const Part = ({ part }: { readonly part: UserPart }) =>
  part.type === 'input_tag' ? <span className="tag">{part.text}</span> : part.text;

/** A message that the server has not accepted yet. */
export function PendingMessage({ message: { text, quote, attachments = [] } }: { readonly message: Outgoing }) {
  return <Said quote={quote} attachments={attachments} text={text} isPending />;
}

interface SaidProps {
  readonly quote: string | undefined;
  readonly attachments: readonly Attachment[];
  /** Empty in a message that has attachments only. */
  readonly text: ReactNode;
  readonly isPending?: boolean;
}

function Said({ quote, attachments, text, isPending }: SaidProps) {
  return (
    <article className="message user" aria-label={texts.items.youSaid} data-pending={isPending}>
      <SentAttachments attachments={attachments} />
      {(quote !== undefined || text) && (
        <div className="bubble">
          {quote !== undefined && <blockquote dir="auto">{quote}</blockquote>}
          {text && <p dir="auto">{text}</p>}
        </div>
      )}
    </article>
  );
}
