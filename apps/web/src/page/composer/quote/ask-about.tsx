import { useEffect, useState } from 'react';
import { texts } from '../../../i18n/texts.js';
import { QuoteIcon } from '../icons.js';

/** Far below what a message may quote, and more than anybody asks about. */
const MAX_QUOTE = 10_000;
const ANSWER = '.message.assistant';

interface Selected {
  readonly text: string;
  /** In the window, in pixels. */
  readonly left: number;
  readonly top: number;
}

/** A button at text of an answer that is selected: the next message is about it. */
export function AskAbout({ onQuote }: { readonly onQuote: (text: string) => void }) {
  const selected = useSelectedAnswer();
  if (!selected) return null;
  const { text, left, top } = selected;
  const ask = (): void => {
    document.getSelection()?.removeAllRanges();
    onQuote(text);
  };
  return (
    <button
      type="button"
      className="ask-about"
      style={{ left, top }}
      // Pressing it would take the selection away.
      onPointerDown={(event) => event.preventDefault()}
      onClick={ask}
    >
      <QuoteIcon />
      {texts.composer.askAbout}
    </button>
  );
}

/** While it is being selected with the pointer, the button would be in the way. */
function useSelectedAnswer(): Selected | undefined {
  const [selected, setSelected] = useState<Selected>();
  useEffect(() => {
    let isPressed = false;
    const update = (): void => setSelected(isPressed ? undefined : selectedAnswer());
    const listening = new AbortController();
    const options = { signal: listening.signal, capture: true };
    const press = (now: boolean) => (): void => {
      isPressed = now;
      // The browser changes the selection after it has told of the press.
      requestAnimationFrame(update);
    };
    document.addEventListener('pointerdown', press(true), options);
    for (const type of ['pointerup', 'pointercancel']) document.addEventListener(type, press(false), options);
    for (const type of ['selectionchange', 'scroll']) document.addEventListener(type, update, options);
    window.addEventListener('resize', update, options);
    return () => listening.abort();
  }, []);
  return selected;
}

function selectedAnswer(): Selected | undefined {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const { commonAncestorContainer: common } = range;
  const element = common instanceof Element ? common : common.parentElement;
  const text = selection.toString().trim().slice(0, MAX_QUOTE);
  if (!element?.closest(ANSWER) || text === '') return undefined;
  const { left, width, bottom } = range.getBoundingClientRect();
  const frame = element.closest('.transcript')?.getBoundingClientRect();
  const isVisible = !frame || (bottom > frame.top && bottom < frame.bottom);
  return isVisible ? { text, left: left + width / 2, top: bottom } : undefined;
}
