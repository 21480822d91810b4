import { parseFrames, type ThreadItem, type ThreadStreamEvent } from '#chatkit';
import { ItemTimes } from '../output/item-times.js';
import { TurnOutput } from '../output/turn-output.js';
import { processClock } from './process-clock.js';

/** The output of a turn in thread `thr_1` that records what it shows and stores in memory. */
export function recordedOutput(signal: AbortSignal = new AbortController().signal) {
  let frames = '';
  const stored: ThreadItem[] = [];
  const writer = {
    write: (frame: string) => void (frames += frame),
    itemOpened: () => undefined,
    itemChanged: () => undefined,
    itemClosed: () => undefined,
    itemWithdrawn: () => undefined,
    eventStays: () => undefined,
  };
  const keeper = {
    store: async (item: ThreadItem) => {
      await new Promise(setImmediate);
      stored.push(item);
      return item;
    },
    remove: async () => undefined,
  };
  const output = new TurnOutput(writer, keeper, signal, 'thr_1', new ItemTimes(processClock));
  return { output, stored, events: (): ThreadStreamEvent[] => parseFrames(frames) };
}

/** A short line for each event: its kind, and what is new in it. */
export function summarized(events: readonly ThreadStreamEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'thread.item.updated') return updateOf(event.update);
    if (event.type === 'thread.item.removed') return 'removed';
    if ('item' in event) return `${event.type.replace('thread.item.', '')} ${event.item.type}`;
    return event.type;
  });
}

function updateOf(update: Extract<ThreadStreamEvent, { type: 'thread.item.updated' }>['update']): string {
  switch (update.type) {
    case 'assistant_message.content_part.added':
      return `part ${update.content_index}`;
    case 'assistant_message.content_part.text_delta':
      return `${update.content_index}: ${update.delta}`;
    case 'assistant_message.content_part.done':
      return `part ${update.content_index} = ${update.content.text}`;
    case 'assistant_message.content_part.annotation_added':
      return `annotation ${update.content_index}.${update.annotation_index}`;
    case 'workflow.task.added':
    case 'workflow.task.updated':
      return `${update.type.slice('workflow.task.'.length)} ${update.task_index}: ${'content' in update.task ? update.task.content : ''}`;
    case 'generated_image.updated':
      return `preview ${update.progress}`;
    case 'widget.root.updated':
    case 'widget.component.updated':
    case 'widget.streaming_text.value_delta':
      return update.type;
  }
}
