import { useCallback, useEffect, useRef, useState } from 'react';
import type { Chat } from '../chat/chat.js';
import type { Conversation } from '../chat/conversation.js';
import { type ConversationState, isAnswering, isFree } from '../chat/conversation-state.js';
import { texts } from '../i18n/texts.js';
import { textOf } from '../protocol/fold.js';
import { AnswerAgainProvider } from './answer-again.js';
import { Brand } from './brand.js';
import { Composer } from './composer/composer.js';
import { Drawer } from './drawer.js';
import { IsLocal } from './explain.js';
import { ItemActionsProvider } from './item-actions.js';
import { copyText } from './copy-button.js';
import { KeyboardIcon, MenuIcon, NewIcon, SettingsIcon } from './icons.js';
import { KeyboardDialog } from './keyboard/keyboard-dialog.js';
import { useShortcuts } from './keyboard/use-shortcuts.js';
import { SettingsDialog } from './settings/settings-dialog.js';
import type { Settings } from './settings/use-settings.js';
import { SEARCH_ID } from './threads/search-field.js';
import { ThreadNav } from './threads/thread-nav.js';
import { titleOf } from './threads/title-of.js';
import { Transcript } from './transcript.js';
import { useMedia } from './use-media.js';
import { useStore } from './use-store.js';
import { Welcome } from './welcome.js';

interface AppProps {
  readonly chat: Chat;
  readonly settings: Settings;
}

export function App({ chat, settings }: AppProps) {
  const { current, config } = useStore(chat.store);
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
  const [opened, setOpened] = useState<'settings' | 'keyboard'>();
  const title = useTitle(chat, state);
  useEffect(() => {
    document.title = title ? texts.core.pageTitle(title) : 'ChatKit Relay';
  }, [title]);
  useShortcuts({
    help: () => setOpened('keyboard'),
    newChat: () => chat.newChat(),
    search: () => {
      if (!isWide) setDrawerOpen(true);
      // In a drawer it has been there since the next frame only.
      requestAnimationFrame(() => document.getElementById(SEARCH_ID)?.focus());
    },
    focus: () => field.current?.focus(),
    copy: () => void copyText(lastAnswer(state)).catch(() => undefined),
  });
  const foot = <SideFoot onOpen={setOpened} />;

  return (
    <IsLocal value={config?.local === true}>
      <div className="app">
        <a className="skip" href="#message" onClick={() => field.current?.focus()}>
          {texts.core.goToField}
        </a>
        {isWide ? (
          <aside className="side">
            <Brand />
            <ThreadNav chat={chat} onChosen={() => field.current?.focus()} />
            {foot}
          </aside>
        ) : (
          <Drawer isOpen={isDrawerOpen} onClose={closeDrawer} label={texts.core.conversations}>
            <ThreadNav chat={chat} onChosen={closeDrawer} />
            {foot}
          </Drawer>
        )}
        <main className="main">
          {!isWide && (
            <header className="top">
              <button
                type="button"
                className="icon-button"
                onClick={() => setDrawerOpen(true)}
                aria-label={texts.core.conversations}
              >
                <MenuIcon />
              </button>
              <h1 className="title" dir="auto">
                {title || texts.core.newChat}
              </h1>
              <button
                type="button"
                className="icon-button"
                onClick={() => chat.newChat()}
                aria-label={texts.core.newChat}
              >
                <NewIcon />
              </button>
            </header>
          )}
          <ItemActionsProvider
            actions={current}
            canAsk={isFree(state) && state.locked === undefined}
            newestId={state.entries.at(-1)?.item.id}
          >
            {isNew ? (
              <Welcome chat={chat} />
            ) : (
              // Each conversation has its own scroll position.
              <AnswerAgainProvider key={current.key}>
                <Transcript
                  conversation={current}
                  state={state}
                  onAgain={(again) => chat.goOn(again)}
                  onNew={() => chat.newChat()}
                />
              </AnswerAgainProvider>
            )}
          </ItemActionsProvider>
          <p className="visually-hidden" role="status">
            {announcement(state)}
          </p>
          <Composer chat={chat} field={field} />
        </main>
        {opened === 'settings' && <SettingsDialog settings={settings} onClose={() => setOpened(undefined)} />}
        {opened === 'keyboard' && <KeyboardDialog onClose={() => setOpened(undefined)} />}
      </div>
    </IsLocal>
  );
}

function SideFoot({ onOpen }: { readonly onOpen: (what: 'settings' | 'keyboard') => void }) {
  const { settings, keyboard, officialComponent } = texts.core;
  return (
    <div className="side-foot">
      <a href="/chatkit-react">{officialComponent}</a>
      <span className="side-tools">
        <button
          type="button"
          className="icon-button small"
          title={keyboard}
          aria-label={keyboard}
          onClick={() => onOpen('keyboard')}
        >
          <KeyboardIcon />
        </button>
        <button
          type="button"
          className="icon-button small"
          title={settings}
          aria-label={settings}
          onClick={() => onOpen('settings')}
        >
          <SettingsIcon />
        </button>
      </span>
    </div>
  );
}

/** Undefined for a new conversation. */
function useTitle(chat: Chat, state: ConversationState): string | undefined {
  const { threads, openings } = useStore(chat.threads.store);
  const thread = threads.find(({ id }) => id === state.threadId);
  const [first] = state.entries;
  return thread ? titleOf(thread, openings) : first && textOf(first.item);
}

const lastAnswer = ({ entries }: ConversationState): string => {
  const last = entries.findLast(({ item }) => item.type === 'assistant_message');
  return last ? textOf(last.item) : '';
};

/** What screen readers announce about the turn; the answer itself is read once it is complete. */
function announcement({ phase, entries, hasOutput }: ConversationState): string {
  if (phase === 'waiting') return texts.core.sentWaiting;
  if (phase === 'answering') return texts.core.beingWritten;
  if (phase !== 'idle' || !hasOutput) return '';
  const endings = { open: '', done: texts.core.answerComplete, stopped: texts.core.answerStopped, lost: '' };
  return endings[entries.at(-1)?.progress ?? 'open'];
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
