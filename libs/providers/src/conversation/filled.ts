import { type Answer, type Entry, isInterrupted, isVisible, said } from './entries.js';
import { NO_MESSAGE } from './notes.js';

/** The same without what is empty: parts without a visible character, and messages without a part. */
export function filled(entries: readonly Entry[]): Entry[] {
  const last = entries.at(-1);
  const kept = entries.flatMap((entry): Entry[] => {
    switch (entry.role) {
      case 'system':
        return isVisible(entry.content) ? [entry] : [];
      case 'user': {
        const content = entry.content.filter((part) => part.type !== 'text' || isVisible(part.text));
        if (content.length > 0) return [{ ...entry, content }];
        // The message that is being answered is there, though there is nothing in it.
        return entry === last ? [said(NO_MESSAGE)] : [];
      }
      case 'assistant': {
        const answer = withoutEmptyTexts(entry);
        return saysSomething(answer) ? [answer] : [];
      }
    }
  });
  return kept;
}

const withoutEmptyTexts = (answer: Answer): Answer => ({
  ...answer,
  content: answer.content.filter((part) => part.type !== 'text' || isVisible(part.text)),
});

/** Thoughts that led to nothing say nothing. */
const saysSomething = (answer: Answer): boolean =>
  isInterrupted(answer) || answer.content.some(({ type }) => type !== 'reasoning');
