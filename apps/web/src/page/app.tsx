import { useCallback, useEffect, useRef, useState } from 'react';
import type { Chat } from '../chat/chat.js';
import type { Conversation } from '../chat/conversation.js';
import { type ConversationState, isAnswering, isBusy } from '../chat/conversation-state.js';
import { textOf } from '../protocol/fold.js';
import { Brand } from './brand.js';
import { Composer } from './composer.js';
import { Drawer } from './drawer.js';
import { MenuIcon, NewIcon } from './icons.js';
import { ThreadNav, titleOf } from './thread-nav.js';
import { Transcript } from './transcript.js';
import { useMedia } from './use-media.js';
import { useStore } from './use-store.js';
import { Welcome } from './welcome.js';

export function App({ chat }: { readonly chat: Chat }) {
  const { current, models, model } = useStore(chat.store);
  const state = useStore(current.store);
  const isWide = useMedia('(min-width: 56rem)');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const isNew = !state.threadId && state.entries.length === 0 && !state.pending && !state.problem;
  const canStop = isAnswering(state) && state.allowCancel;
  useStopByEscape(current, canStop);
  const isTouch = useMedia('(pointer: coarse)');
  useEffect(() => {
    // On a phone the keyboard would cover the conversation.
    if (!isTouch) field.current?.focus({ preventScroll: true });
  }, [current, isTouch]);
  const closeDrawer = useCallback(() => setDrawerOpen(false), []);

  return (
    <div className="app">
      <a className="skip" href="#message" onClick={() => field.current?.focus()}>
        Go to the message field
      </a>
      {isWide ? (
        <aside className="side">
          <Brand />
          <ThreadNav chat={chat} onChosen={() => field.current?.focus()} />
          <SideFoot />
        </aside>
      ) : (
        <Drawer isOpen={isDrawerOpen} onClose={closeDrawer} label="Conversations">
          <ThreadNav chat={chat} onChosen={closeDrawer} />
          <SideFoot />
        </Drawer>
      )}
      <main className="main">
        {!isWide && (
          <header className="top">
            <button
              type="button"
              className="icon-button"
              onClick={() => setDrawerOpen(true)}
              aria-label="Conversations"
            >
              <MenuIcon />
            </button>
            <Title chat={chat} state={state} />
            <button type="button" className="icon-button" onClick={() => chat.newChat()} aria-label="New chat">
              <NewIcon />
            </button>
          </header>
        )}
        {isNew ? (
          <Welcome onSend={(text) => chat.send({ text })} />
        ) : (
          <Transcript
            // Each conversation has its own scroll position.
            key={current.key}
            conversation={current}
            state={state}
            onRetry={(message) => chat.send(message)}
          />
        )}
        <p className="visually-hidden" role="status">
          {announcement(state)}
        </p>
        <Composer
          field={field}
          isBusy={isBusy(state)}
          canStop={canStop}
          locked={state.locked}
          models={models}
          model={model}
          onModel={(id) => chat.chooseModel(id)}
          onSend={(text) => chat.send({ text })}
          onStop={() => current.stop()}
        />
      </main>
    </div>
  );
}

function SideFoot() {
  return (
    <p className="side-foot">
      <a href="/chatkit-react">Try the official component</a>
    </p>
  );
}

function Title({ chat, state }: { readonly chat: Chat; readonly state: ConversationState }) {
  const { threads, openings } = useStore(chat.threads.store);
  const thread = threads.find(({ id }) => id === state.threadId);
  const [first] = state.entries;
  const title = thread ? titleOf(thread, openings) : first && textOf(first.item);
  return <h1 className="title">{title || 'New chat'}</h1>;
}

const ENDINGS = { open: '', done: 'The answer is complete.', stopped: 'The answer was stopped.', lost: '' } as const;

/** What screen readers announce about the turn; the answer itself is read once it is complete. */
function announcement({ phase, entries, hasOutput }: ConversationState): string {
  if (phase === 'waiting') return 'Sent. Waiting for the answer.';
  if (phase === 'answering') return 'The answer is being written.';
  if (phase !== 'idle' || !hasOutput) return '';
  return ENDINGS[entries.at(-1)?.progress ?? 'open'];
}

function useStopByEscape(conversation: Conversation, canStop: boolean): void {
  useEffect(() => {
    if (!canStop) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      // Escape first closes whatever is open on top of the page.
      const isTaken = event.defaultPrevented || event.target instanceof HTMLSelectElement;
      if (event.key === 'Escape' && !isTaken && !document.querySelector('dialog[open]')) conversation.stop();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [conversation, canStop]);
}
