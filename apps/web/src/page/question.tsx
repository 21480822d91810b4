import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { texts } from '../i18n/texts.js';
import { textOf } from '../protocol/fold.js';
import { CopyButton } from './copy-button.js';
import { EditIcon } from './icons.js';
import { useCanAsk, useItemActions } from './item-actions.js';
import type { ItemProps } from './items/item-props.js';
import { UserMessageView } from './items/user-message.js';

/** What a person said, and what can be done with it. */
export function QuestionView(props: ItemProps<'user_message'>) {
  const actions = useItemActions();
  const [isEditing, setEditing] = useState(false);
  const text = textOf(props.item);
  if (isEditing) {
    return (
      <QuestionEditor
        text={text}
        onCancel={() => setEditing(false)}
        onSend={(changed) => {
          if (actions.edit(props.item.id, changed)) setEditing(false);
        }}
      />
    );
  }
  return (
    <div className="question">
      <UserMessageView {...props} />
      <div className="question-actions">
        {text !== '' && <CopyButton label={texts.core.copyMessage} text={() => text} />}
        <button
          type="button"
          className="answer-action asks"
          title={texts.core.editMessage}
          aria-label={texts.core.editMessage}
          onClick={() => setEditing(true)}
        >
          <EditIcon />
        </button>
      </div>
    </div>
  );
}

interface QuestionEditorProps {
  readonly text: string;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

function QuestionEditor({ text, onSend, onCancel }: QuestionEditorProps) {
  // While another answer is being written, the text waits.
  const canAsk = useCanAsk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [changed, setChanged] = useState(text);
  useEffect(() => {
    const { current } = field;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);
  const canSend = canAsk && changed.trim() !== '';
  const send = (): void => {
    if (canSend) onSend(changed.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' && !event.shiftKey) send();
    else return;
    event.preventDefault();
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <form className="question-editor" onSubmit={onSubmit}>
      <textarea
        ref={field}
        dir="auto"
        aria-label={texts.core.editMessage}
        value={changed}
        rows={Math.min(12, changed.split('\n').length + 1)}
        onChange={(event) => setChanged(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="question-editor-foot">
        <p>{texts.core.editHint}</p>
        <button type="button" className="button" onClick={onCancel}>
          {texts.core.cancel}
        </button>
        <button type="submit" className="button primary" disabled={!canSend}>
          {texts.core.askAgain}
        </button>
      </div>
    </form>
  );
}
