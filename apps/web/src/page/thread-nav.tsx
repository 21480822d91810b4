import type { Chat } from '../chat/chat.js';
import type { Thread } from '../protocol/types.js';
import { groupByAge } from './group-by-age.js';
import { NewIcon } from './icons.js';
import { useSelected, useStore } from './use-store.js';

interface ThreadNavProps {
  readonly chat: Chat;
  readonly onChosen: () => void;
}

/** The list of conversations. */
export function ThreadNav({ chat, onChosen }: ThreadNavProps) {
  const { threads, openings, after, phase, problem } = useStore(chat.threads.store);
  const { current, answering } = useStore(chat.store);
  const threadId = useSelected(current.store, (state) => state.threadId);
  const entry = (thread: Thread) => (
    <li key={thread.id}>
      <button
        type="button"
        className="thread"
        aria-current={thread.id === threadId ? 'true' : undefined}
        onClick={() => {
          chat.openThread(thread.id);
          onChosen();
        }}
      >
        <span className="thread-title">{titleOf(thread, openings)}</span>
        {answering.has(thread.id) && <span className="thread-dot" role="img" aria-label="is being answered" />}
      </button>
    </li>
  );
  return (
    <nav className="threads" aria-label="Conversations">
      <button
        type="button"
        className="new-chat"
        onClick={() => {
          chat.newChat();
          onChosen();
        }}
      >
        <NewIcon />
        New chat
      </button>
      <div className="thread-scroll">
        {groupByAge(threads, new Date()).map(({ name, threads: group }) => (
          <section key={name}>
            <h2>{name}</h2>
            <ul>{group.map(entry)}</ul>
          </section>
        ))}
        {phase === 'idle' && threads.length === 0 && !problem && <p className="hint">Conversations appear here.</p>}
        {problem && <p className="hint">The list could not be loaded. {problem}</p>}
        {(after || problem) && (
          <button
            type="button"
            className="quiet"
            onClick={() => void chat.threads.load()}
            disabled={phase === 'loading'}
          >
            {problem ? 'Try again' : 'Show more'}
          </button>
        )}
        {phase === 'loading' && <p className="hint">Loading…</p>}
      </div>
    </nav>
  );
}

export function titleOf(thread: Thread, openings: Readonly<Record<string, string>>): string {
  if (thread.title) return thread.title;
  return openings[thread.id] === undefined ? '…' : openings[thread.id] || new Date(thread.created_at).toLocaleString();
}
