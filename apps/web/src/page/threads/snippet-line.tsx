import type { ReactNode } from 'react';
import type { Snippet } from '../../protocol/thread-requests.js';

/** Where the words are, with the words marked. */
export function SnippetLine({ snippet: { text, highlights } }: { readonly snippet: Snippet }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const [from, to] of highlights) {
    if (from < end || to <= from) continue;
    parts.push(text.slice(end, from), <mark key={from}>{text.slice(from, to)}</mark>);
    end = to;
  }
  return (
    <span className="snippet">
      {parts}
      {text.slice(end)}
    </span>
  );
}
