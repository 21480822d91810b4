import { type RefObject, type SubmitEvent, useCallback, useContext } from 'react';
import { assistantOf, type Chat } from '../../chat/chat.js';
import type { Composing } from '../../chat/composing.js';
import { isAnswering, isFree } from '../../chat/conversation-state.js';
import type { Draft } from '../../chat/draft.js';
import { texts } from '../../i18n/texts.js';
import { useStore } from '../use-store.js';
import { DraftFiles } from './attachments/draft-files.js';
import { UnservedNote } from '../notes/unserved-note.js';
import { DropOverlay } from './attachments/drop-overlay.js';
import { type Dropped, useFileDrop } from './attachments/use-file-drop.js';
import { useFilePaste } from './attachments/use-file-paste.js';
import { ComposerHint } from './composer-hint.js';
import { ComposerRow } from './composer-row.js';
import { ComposingContext } from './composing-context.js';
import { DictationBar } from './dictation/dictation-bar.js';
import { DictationNote } from './dictation/dictation-note.js';
import { MessageField } from './message-field.js';
import { AskAbout } from './quote/ask-about.js';
import { QuoteChip } from './quote/quote-chip.js';
import { VisionNote } from './vision-note.js';

interface ComposerProps {
  readonly chat: Chat;
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

/** Where messages are written: text, files, a quote, speech; and which model, assistant and tool answers. */
export function Composer({ chat, field }: ComposerProps) {
  const composing = useContext(ComposingContext);
  return composing && <ComposerForm chat={chat} composing={composing} field={field} />;
}

interface ComposerFormProps extends ComposerProps {
  readonly composing: Composing;
}

function ComposerForm({ chat, composing, field }: ComposerFormProps) {
  const chatState = useStore(chat.store);
  const { current, config } = chatState;
  const state = useStore(current.store);
  const draft = composing.drafts.of(current);
  const { text, quote, tool, files, refused } = useStore(draft.store);
  const { now, wasFull } = useStore(composing.dictation.store);
  const assistant = assistantOf(chatState);
  const isLocked = state.locked !== undefined;
  const canStop = isAnswering(state) && state.allowCancel;
  const canSend = isFree(state) && !isLocked && draft.message() !== undefined;
  const canAttach = config?.attachments !== undefined && !isLocked;

  const attach = useAttach(draft, field);
  const isOver = useFileDrop(canAttach ? attach : undefined);
  const paste = useCallback((pasted: File[]) => attach({ files: pasted, folders: [] }), [attach]);
  useFilePaste(field, canAttach ? paste : undefined);

  const send = (): void => {
    if (!canSend) return;
    composing.send(current);
    field.current?.focus();
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (canStop) current.stop();
    else send();
  };
  const chosenTool = assistant?.tools.find(({ id }) => id === tool);
  return (
    <form className="composer column" onSubmit={onSubmit}>
      {isOver && <DropOverlay maxSize={config?.attachments?.maxSize ?? 0} />}
      {!isLocked && (
        <AskAbout
          onQuote={(about) => {
            draft.change({ quote: about });
            field.current?.focus();
          }}
        />
      )}
      <DictationNote dictation={composing.dictation} now={now} wasFull={wasFull} />
      <VisionNote chat={chatState} files={files} />
      <UnservedNote chat={chatState} />
      <div className="composer-box">
        {quote !== undefined && <QuoteChip quote={quote} onRemove={() => draft.change({ quote: undefined })} />}
        <DraftFiles draft={draft} files={files} refused={refused} />
        <MessageField
          field={field}
          text={text}
          placeholder={state.locked ?? chosenTool?.placeholder ?? assistant?.placeholder ?? texts.composer.placeholder}
          isDisabled={isLocked}
          onText={(written) => draft.change({ text: written })}
          onSend={send}
        />
        {now.type === 'idle' || now.type === 'failed' ? (
          <ComposerRow
            chat={chat}
            assistant={assistant}
            draft={draft}
            limits={canAttach ? config?.attachments : undefined}
            canStop={canStop}
            canSend={canSend}
            onFiles={paste}
            onDictate={
              isLocked ? undefined : () => void composing.dictation.start((said) => insert(draft, field, said))
            }
          />
        ) : (
          <DictationBar dictation={composing.dictation} now={now} />
        )}
      </div>
      <ComposerHint disclaimer={assistant?.disclaimer} />
    </form>
  );
}

function useAttach(draft: Draft, field: RefObject<HTMLTextAreaElement | null>): (dropped: Dropped) => void {
  return useCallback(
    ({ files, folders }) => {
      draft.attach(files);
      for (const name of folders) draft.refuse(name, { type: 'folder' });
      field.current?.focus();
    },
    [draft, field],
  );
}

/** Puts what was said where the cursor is. */
function insert(draft: Draft, field: RefObject<HTMLTextAreaElement | null>, said: string): void {
  const { text } = draft.store.latest;
  const at = field.current?.selectionEnd ?? text.length;
  const before = text.slice(0, at);
  const gap = before === '' || /\s$/.test(before) ? '' : ' ';
  draft.change({ text: `${before}${gap}${said}${text.slice(at)}` });
  field.current?.focus();
}
