import { type ReactNode, useState } from 'react';
import { highlight } from './highlight.js';

/** Longer code stays in one colour: colouring it would take noticeable time. */
const MAX_LENGTH = 60_000;

interface HighlightedProps {
  readonly code: string;
  readonly language: string;
  readonly isGrowing: boolean;
}

/** Code in colours. While it grows, its end is coloured once a tenth has come, so that the work stays in proportion. */
export default function Highlighted({ code, language, isGrowing }: HighlightedProps) {
  const [done, setDone] = useState<{ readonly code: string; readonly content: ReactNode }>();
  if (code.length > MAX_LENGTH) return code;
  const rest = done && code.startsWith(done.code) ? code.slice(done.code.length) : undefined;
  if (done && rest !== undefined && (rest === '' || (isGrowing && rest.length < 80 + done.code.length / 10))) {
    return (
      <>
        {done.content}
        {rest}
      </>
    );
  }
  const content = highlight(language, code) ?? code;
  setDone({ code, content });
  return content;
}
