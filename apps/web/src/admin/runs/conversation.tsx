import { useState } from 'react';
import { ask } from '../api.js';
import { Problem } from '../notes.js';
import type { Item, Listed } from '../types.js';
import { useAttempt } from '../use-attempt.js';

/** The messages of a run, when they are asked for: each request is in the audit log. */
export function Conversation({ runId }: { readonly runId: string }) {
  const [items, setItems] = useState<readonly Item[]>();
  const { problem, attempt } = useAttempt();
  const show = async (): Promise<void> => {
    setItems((await ask<Listed<Item>>(`runs/${encodeURIComponent(runId)}/content`)).data);
  };
  return (
    <>
      <Problem message={problem} />
      {!items && (
        <button type="button" className="a-button" onClick={() => void attempt(show)}>
          Show messages (recorded in the audit log)
        </button>
      )}
      {items?.map((item) => (
        <figure key={item.id} className="a-item">
          <figcaption>{item.type}</figcaption>
          <pre>{item.content?.map(({ text = '' }) => text).join('') || '–'}</pre>
        </figure>
      ))}
    </>
  );
}
