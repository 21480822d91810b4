import { type ReactNode, useState } from 'react';
import type { Chat } from '../../chat/chat.js';
import { texts } from '../../i18n/texts.js';
import type { FoundThread } from '../../protocol/thread-requests.js';
import type { Thread } from '../../protocol/types.js';
import { NewIcon } from '../icons.js';
import { useSelected, useStore } from '../use-store.js';
import { DeleteDialog } from './delete-dialog.js';
import { groupByAge } from './group-by-age.js';
import { SearchField } from './search-field.js';
import { ThreadRow } from './thread-row.js';
import { titleOf } from './title-of.js';

interface ThreadNavProps {
  readonly chat: Chat;
  readonly onChosen: () => void;
}

/** The conversations: by age, or those that were searched for. */
export function ThreadNav({ chat, onChosen }: ThreadNavProps) {
  const { words } = useStore(chat.search.store);
  const [deleting, setDeleting] = useState<Thread>();
  const { openings } = useStore(chat.threads.store);
  const { current, answering } = useStore(chat.store);
  const threadId = useSelected(current.store, (state) => state.threadId);
  const row = (thread: FoundThread) => (
    <ThreadRow
      key={thread.id}
      chat={chat}
      thread={thread}
      title={titleOf(thread, openings)}
      snippet={thread.snippet}
      isCurrent={thread.id === threadId}
      isAnswering={answering.has(thread.id)}
      onChosen={onChosen}
      onDelete={() => setDeleting(thread)}
    />
  );
  return (
    <nav className="threads" aria-label={texts.core.conversations}>
      <button
        type="button"
        className="new-chat"
        onClick={() => {
          chat.newChat();
          onChosen();
        }}
      >
        <NewIcon />
        {texts.core.newChat}
      </button>
      <SearchField search={chat.search} />
      <div className="thread-scroll">
        {words === '' ? <ByAge chat={chat} row={row} /> : <Found chat={chat} row={row} />}
      </div>
      {deleting && (
        <DeleteDialog
          title={titleOf(deleting, openings)}
          onDelete={() => chat.delete(deleting.id)}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </nav>
  );
}

interface ListProps {
  readonly chat: Chat;
  readonly row: (thread: FoundThread) => ReactNode;
}

function ByAge({ chat, row }: ListProps) {
  const { threads, after, phase, problem } = useStore(chat.threads.store);
  return (
    <>
      {groupByAge(threads, new Date()).map(({ name, threads: group }) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul>{group.map(row)}</ul>
        </section>
      ))}
      {phase === 'idle' && threads.length === 0 && !problem && <p className="hint">{texts.core.listEmpty}</p>}
      {problem && <p className="hint">{texts.core.listFailed(problem)}</p>}
      {(after || problem) && (
        <button type="button" className="quiet" onClick={() => void chat.threads.load()} disabled={phase === 'loading'}>
          {problem ? texts.core.tryAgain : texts.core.showMore}
        </button>
      )}
      {phase === 'loading' && <p className="hint">{texts.core.loading}</p>}
    </>
  );
}

function Found({ chat, row }: ListProps) {
  const { found, phase, problem } = useStore(chat.search.store);
  const isNothing = phase === 'idle' && found.length === 0 && !problem;
  return (
    <section>
      <h2>{texts.core.found}</h2>
      <ul>{found.map(row)}</ul>
      <p className="hint" role="status">
        {problem ?? (isNothing ? texts.core.nothingFound : phase === 'searching' && texts.core.searching)}
      </p>
    </section>
  );
}
