import type { ItemUpdate } from '../protocol/item-update.js';
import type { WidgetUpdate } from '../protocol/widget.js';
import type { WorkflowUpdate } from '../protocol/workflow.js';
import { applyWidgetUpdate } from '../widgets/apply-widget-update.js';

/**
 * The updates of an item that is not open, with one more, merged into as few as possible. Undefined when such an item
 * cannot change this way: a message grows only while it is open [UP-1].
 */
export function withLateUpdate(earlier: readonly ItemUpdate[], update: ItemUpdate): readonly ItemUpdate[] | undefined {
  switch (update.type) {
    case 'widget.root.updated':
      return [update];
    case 'widget.component.updated':
    case 'widget.streaming_text.value_delta':
      return withWidgetUpdate(earlier, update);
    case 'workflow.task.added':
    case 'workflow.task.updated':
      return withTask(earlier, update);
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.text_delta':
    case 'assistant_message.content_part.annotation_added':
    case 'assistant_message.content_part.done':
    case 'generated_image.updated':
      return undefined;
  }
}

function withWidgetUpdate(earlier: readonly ItemUpdate[], update: WidgetUpdate): readonly ItemUpdate[] {
  const last = earlier.at(-1);
  if (last?.type === 'widget.root.updated') {
    return withLast(earlier, { ...last, widget: applyWidgetUpdate(last.widget, update) });
  }
  if (last && isText(last) && isText(update) && isSameStretch(last, update)) {
    return withLast(earlier, { ...update, delta: last.delta + update.delta });
  }
  return [...earlier, update];
}

function withLast(earlier: readonly ItemUpdate[], last: ItemUpdate): readonly ItemUpdate[] {
  return [...earlier.slice(0, -1), last];
}

type TextDelta = Extract<WidgetUpdate, { delta: string }>;

function isText(update: ItemUpdate): update is TextDelta {
  return update.type === 'widget.streaming_text.value_delta';
}

function isSameStretch(last: TextDelta, next: TextDelta): boolean {
  return last.component_id === next.component_id && last.done === next.done;
}

/** An update carries the whole task [UP-8], so only its latest state matters, and whether it is new. */
function withTask(earlier: readonly ItemUpdate[], update: WorkflowUpdate): readonly ItemUpdate[] {
  const position = earlier.findIndex((other) => isTask(other) && other.task_index === update.task_index);
  const known = earlier[position];
  return known && isTask(known) ? earlier.with(position, { ...known, task: update.task }) : [...earlier, update];
}

function isTask(update: ItemUpdate): update is WorkflowUpdate {
  return update.type === 'workflow.task.added' || update.type === 'workflow.task.updated';
}
