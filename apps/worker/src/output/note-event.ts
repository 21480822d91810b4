import type { ThreadStreamEvent } from '#chatkit';
import type { RunWriter } from '#runtime/worker';

/** What an output needs of the run's log. */
export type OutputWriter = Pick<
  RunWriter,
  'write' | 'itemOpened' | 'itemChanged' | 'itemClosed' | 'itemWithdrawn' | 'eventStays'
>;

/** Records what an event that was just written says of items, and whether a later one makes it superfluous. */
export function noteEvent(writer: OutputWriter, event: ThreadStreamEvent): void {
  switch (event.type) {
    case 'thread.item.added':
      return writer.itemOpened(event.item.id);
    case 'thread.item.updated':
      return writer.itemChanged(event.item_id);
    case 'thread.item.done':
    case 'thread.item.replaced':
      return writer.itemClosed(event.item.id);
    case 'thread.item.removed':
      return writer.itemWithdrawn(event.item_id);
    case 'progress_update': // a status line, which is not shown any more when the turn has ended
      return;
    case 'thread.created':
    case 'thread.updated':
    case 'stream_options':
    case 'client_effect':
    case 'notice':
    case 'error':
      return writer.eventStays();
  }
}
