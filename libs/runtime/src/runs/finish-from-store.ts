import { encodeEvent, type ThreadStreamEvent, visibleEvent } from '#chatkit';
import type { ShownItems } from '../events/follow-run.js';
import type { Database } from '../platform/database.js';
import { loadSettledRun } from './load-run.js';
import { errorEvent } from './run-error.js';

/**
 * The frames that bring a reader from what it has been shown to what a settled run left in Postgres: unfinished items
 * that were not kept are withdrawn, finished ones that it has not seen are shown, then the error, if there was one.
 */
export async function finishFromStore(
  db: Database,
  runId: string,
  shown: ShownItems,
  showCauses: boolean,
): Promise<Buffer> {
  const settled = await loadSettledRun(db, runId);
  const items = settled?.items ?? [];
  const kept = new Set(items.map((item) => item.id));
  const events: ThreadStreamEvent[] = [];
  for (const id of shown.open) if (!kept.has(id)) events.push({ type: 'thread.item.removed', item_id: id });
  for (const item of items) if (!shown.closed.has(item.id)) events.push({ type: 'thread.item.done', item });
  if (settled?.run.state === 'failed') {
    const { errorCode, errorDetail } = settled.run;
    events.push(errorEvent(errorCode ?? 'run.internal', errorDetail ?? undefined, showCauses));
  }
  return Buffer.from(
    events
      .map((event) => visibleEvent(event))
      .map((event) => (event ? encodeEvent(event) : ''))
      .join(''),
  );
}
