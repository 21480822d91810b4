import { type KeyboardEvent, type RefObject, useLayoutEffect } from 'react';
import { texts } from '../../i18n/texts.js';
import { useMedia } from '../use-media.js';

interface MessageFieldProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly placeholder: string;
  readonly isDisabled: boolean;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
}

/** Enter sends if there is a keyboard whose Shift key makes new lines. */
export function MessageField({ field, text, placeholder, isDisabled, onText, onSend }: MessageFieldProps) {
  const isTouch = useMedia('(pointer: coarse)');
  useGrowing(field, text);
  const onKeyDown = (event: KeyboardEvent): void => {
    // This Enter accepts a suggestion of an input method.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || isTouch) return;
    event.preventDefault();
    onSend();
  };
  return (
    <>
      <label className="visually-hidden" htmlFor="message">
        {texts.composer.message}
      </label>
      <textarea
        id="message"
        ref={field}
        rows={1}
        // An empty field that decides by its content would show its placeholder from left to right.
        dir={text === '' ? undefined : 'auto'}
        value={text}
        disabled={isDisabled}
        placeholder={placeholder}
        autoComplete="off"
        enterKeyHint={isTouch ? 'enter' : 'send'}
        aria-describedby="composer-hint"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </>
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
