import { useCallback } from 'react';
import type { Conversation } from '../chat/conversation.js';
import { type Again, type ConversationState, isAnswering, isBusy } from '../chat/conversation-state.js';
import { texts } from '../i18n/texts.js';
import { useClientEffects } from './client-tools/use-client-effects.js';
import { DownIcon } from './icons.js';
import { useCanAsk } from './item-actions.js';
import { EntryList } from './items/entry-list.js';
import { Typing } from './items/typing.js';
import { PendingMessage } from './items/user-message.js';
import { LockNote } from './notes/lock-note.js';
import { NoticeNote } from './notes/notice-note.js';
import { ProblemNote } from './notes/problem-note.js';
import { useIsAway } from './reach-context.js';
import { useEarlier } from './use-earlier.js';
import { useStickToEnd } from './use-stick-to-end.js';

interface TranscriptProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
  readonly onAgain: (again: Again) => void;
  readonly onNew: () => void;
}

/** From here on, what is far from the view is worth skipping. */
const LONG = 60;

/** The messages of the open conversation. */
export function Transcript({ conversation, state, onAgain, onNew }: TranscriptProps) {
  const { scroller, isAway, onScroll, toEnd } = useStickToEnd(state);
  useClientEffects(state.effects);
  const { entries, pending, problem, notices, phase, progress, earlier } = state;
  const canAsk = useCanAsk();
  const isCut = useIsAway() && isAnswering(state);
  const loadEarlier = useCallback(() => void conversation.loadEarlier(), [conversation]);
  const { column, top } = useEarlier({ scroller, firstId: entries[0]?.item.id, cursor: earlier, load: loadEarlier });
  const isWaiting = phase === 'waiting' || phase === 'recovering' || progress !== undefined;
  return (
    <div className="transcript-frame">
      <div className="transcript" ref={scroller} onScroll={onScroll} tabIndex={-1}>
        <div
          className="column"
          ref={column}
          role="log"
          aria-label={texts.core.conversation}
          aria-busy={isAnswering(state)}
          data-can-ask={canAsk}
          data-long={entries.length > LONG || undefined}
        >
          {earlier && (
            <button type="button" className="quiet" ref={top} onClick={loadEarlier}>
              {texts.core.showEarlier}
            </button>
          )}
          {phase === 'loading' && <Typing label={texts.core.loadingConversation} />}
          <EntryList entries={entries} isBusy={isBusy(state)} />
          {pending && <PendingMessage message={pending} />}
          {isCut ? <Typing label={texts.core.cut} /> : isWaiting && <Waiting state={state} />}
          {notices.map((notice, index) => (
            // Notices are only added.
            // oxlint-disable-next-line react/no-array-index-key
            <NoticeNote key={index} notice={notice} scope={`notice-${index}`} />
          ))}
          {state.locked !== undefined && <LockNote reason={state.locked} onNew={onNew} />}
          {problem && <ProblemNote problem={problem} onAgain={onAgain} onDismiss={() => conversation.dismiss()} />}
        </div>
      </div>
      {isAway && (
        <button type="button" className="to-end" onClick={toEnd} aria-label={texts.core.goToEnd}>
          <DownIcon />
        </button>
      )}
    </div>
  );
}

/** With what the turn says of itself. */
function Waiting({ state: { phase, progress, progressIcon } }: Pick<TranscriptProps, 'state'>) {
  if (phase === 'recovering') return <Typing label={texts.core.recovering} />;
  return <Typing label={progress} icon={progress === undefined ? undefined : progressIcon} />;
}
