// A style sheet has nothing to be assigned.
// oxlint-disable-next-line import/no-unassigned-import
import 'katex/dist/katex.min.css';
import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';
import { texts } from '../../i18n/texts.js';

interface FormulaProps {
  readonly source: string;
  readonly isBlock: boolean;
}

/** A formula in TeX. What is no TeX is shown as it was written. */
export function Formula({ source, isBlock }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (place.current) draw(place.current, source, isBlock);
  }, [source, isBlock]);
  return (
    <span
      ref={place}
      className={isBlock ? 'formula block' : 'formula'}
      dir="ltr"
      {...(isBlock && { tabIndex: 0, role: 'group', 'aria-label': texts.items.formula })}
    />
  );
}

function draw(place: HTMLElement, source: string, isBlock: boolean): void {
  try {
    // Into the page, not into a string: the policy refuses style attributes in HTML that is parsed.
    katex.render(source, place, {
      displayMode: isBlock,
      strict: 'ignore',
      trust: false,
      // A formula may not be larger than the page, nor keep it busy.
      maxSize: 20,
      maxExpand: 300,
    });
  } catch {
    place.textContent = source;
  }
}
