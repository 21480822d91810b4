import { type KeyboardEvent, type RefObject, type SubmitEvent, useLayoutEffect, useState } from 'react';
import type { Model } from '../protocol/types.js';
import { SendIcon, StopIcon } from './icons.js';
import { ModelPicker } from './model-picker.js';
import { useMedia } from './use-media.js';

interface ComposerProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly isBusy: boolean;
  readonly canStop: boolean;
  /** Why nothing can be written. */
  readonly locked: string | undefined;
  readonly models: readonly Model[];
  readonly model: string | undefined;
  readonly onModel: (id: string) => void;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

/** The input for messages. Enter sends if there is a keyboard whose Shift key makes new lines. */
export function Composer({ field, isBusy, canStop, locked, onSend, onStop, ...picker }: ComposerProps) {
  const [text, setText] = useState('');
  const isTouch = useMedia('(pointer: coarse)');
  useGrowing(field, text);
  const canSend = !isBusy && !locked && text.trim() !== '';

  const send = (): void => {
    if (!canSend) return;
    onSend(text.trim());
    setText('');
    field.current?.focus();
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (canStop) onStop();
    else send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // This Enter accepts a suggestion of an input method.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || isTouch) return;
    event.preventDefault();
    send();
  };

  return (
    <form className="composer column" onSubmit={onSubmit}>
      <div className="composer-box">
        <label className="visually-hidden" htmlFor="message">
          Message
        </label>
        <textarea
          id="message"
          ref={field}
          rows={1}
          value={text}
          disabled={locked !== undefined}
          placeholder={locked ?? 'Write a message'}
          autoComplete="off"
          enterKeyHint={isTouch ? 'enter' : 'send'}
          aria-describedby="composer-hint"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-row">
          <ModelPicker {...picker} />
          <button
            type="submit"
            className="send"
            aria-label={canStop ? 'Stop the answer' : 'Send'}
            disabled={!canStop && !canSend}
          >
            {canStop ? <StopIcon /> : <SendIcon />}
          </button>
        </div>
      </div>
      <p className="composer-hint" id="composer-hint">
        <kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> makes a new line, <kbd>Esc</kbd> stops. Answers can be
        wrong.
      </p>
    </form>
  );
}

/** Makes the field as high as its text, up to the maximum in the style sheet. */
function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
