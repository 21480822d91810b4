import type { Conversation } from '../chat/conversation.js';
import { type ConversationState, isAnswering, type Notice, type Problem } from '../chat/conversation-state.js';
import type { Outgoing } from '../protocol/client.js';
import { CloseIcon, DownIcon, RetryIcon } from './icons.js';
import { Message, Typing, UserBubble } from './message.js';
import { useStickToEnd } from './use-stick-to-end.js';

interface TranscriptProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
  readonly onRetry: (message: Outgoing) => void;
}

/** The messages of the open conversation. */
export function Transcript({ conversation, state, onRetry }: TranscriptProps) {
  const { scroller, isAway, onScroll, toEnd } = useStickToEnd(state);
  const { entries, pending, problem, notices, phase, progress } = state;
  const isWaiting = phase === 'waiting' || phase === 'recovering' || progress !== undefined;
  return (
    <div className="transcript-frame">
      <div className="transcript" ref={scroller} onScroll={onScroll} tabIndex={-1}>
        <div className="column" role="log" aria-label="Conversation" aria-busy={isAnswering(state)}>
          {state.earlier && (
            <button type="button" className="quiet" onClick={() => void conversation.loadEarlier()}>
              Show earlier messages
            </button>
          )}
          {phase === 'loading' && <Typing label="Loading the conversation" />}
          {entries.map((entry) => (
            <Message key={entry.item.id} entry={entry} />
          ))}
          {pending && <UserBubble text={pending.text} isPending />}
          {isWaiting && <Typing label={phase === 'recovering' ? 'Recovering the answer' : progress} />}
          {notices.map((notice) => (
            <NoticeNote key={notice.message} notice={notice} />
          ))}
          {problem && <ProblemNote problem={problem} onRetry={onRetry} onDismiss={() => conversation.dismiss()} />}
        </div>
      </div>
      {isAway && (
        <button type="button" className="to-end" onClick={toEnd} aria-label="Go to the end">
          <DownIcon />
        </button>
      )}
    </div>
  );
}

function NoticeNote({ notice: { level, title, message } }: { readonly notice: Notice }) {
  return (
    <div className="note" data-tone={level === 'info' ? 'info' : 'error'} role="status">
      <p>
        {title && <strong>{title} </strong>}
        {message}
      </p>
    </div>
  );
}

interface ProblemNoteProps {
  readonly problem: Problem;
  readonly onRetry: (message: Outgoing) => void;
  readonly onDismiss: () => void;
}

function ProblemNote({ problem: { tone, text, retry }, onRetry, onDismiss }: ProblemNoteProps) {
  return (
    <div className="note" data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <p>{text}</p>
      {retry && (
        <button type="button" className="note-action" onClick={() => onRetry(retry)}>
          <RetryIcon />
          Send again
        </button>
      )}
      <button type="button" className="icon-button small" onClick={onDismiss} aria-label="Dismiss">
        <CloseIcon />
      </button>
    </div>
  );
}
