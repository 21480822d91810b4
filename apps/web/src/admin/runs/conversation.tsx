import { useState } from 'react';
import { ask } from '../api.js';
import { Problem } from '../notes.js';
import type { RunContent } from '../types.js';
import { useAttempt } from '../use-attempt.js';
import { shownItem } from './shown-item.js';

/** The messages of a run, when they are asked for: each request is in the audit log. */
export function Conversation({ runId }: { readonly runId: string }) {
  const [content, setContent] = useState<RunContent>();
  const { problem, attempt } = useAttempt();
  const show = async (): Promise<void> => {
    setContent(await ask<RunContent>(`runs/${encodeURIComponent(runId)}/content`));
  };
  return (
    <>
      <Problem message={problem} />
      {!content && (
        <button type="button" className="a-button" onClick={() => void attempt(show)}>
          Show messages (recorded in the audit log)
        </button>
      )}
      {content?.is_cut && (
        <p className="a-note">The run has more: only its first {content.data.length} items are shown.</p>
      )}
      {content?.data.map((item) => (
        <figure key={item.id} className="a-item">
          <figcaption>{item.type}</figcaption>
          <pre>{shownItem(item)}</pre>
        </figure>
      ))}
    </>
  );
}
