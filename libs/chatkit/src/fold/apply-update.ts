import type { AssistantMessageItem, AssistantMessageUpdate } from '../protocol/assistant-message.js';
import type { ItemUpdate } from '../protocol/item-update.js';
import type { WorkflowItem, WorkflowUpdate } from '../protocol/workflow.js';
import { applyWidgetUpdate } from '../widgets/apply-widget-update.js';
import { growMessage } from './grow-message.js';
import type { OpenItem } from './thread-state.js';

/** An open item after one of its updates; updates for another kind of item change nothing. */
export function applyUpdate(open: OpenItem, update: ItemUpdate): OpenItem {
  const { item } = open;
  switch (update.type) {
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.text_delta':
    case 'assistant_message.content_part.annotation_added':
    case 'assistant_message.content_part.done':
      return item.type === 'assistant_message' ? withText(open, item, update) : open;
    case 'widget.root.updated':
    case 'widget.component.updated':
    case 'widget.streaming_text.value_delta':
      return item.type === 'widget'
        ? { ...open, item: { ...item, widget: applyWidgetUpdate(item.widget, update) } }
        : open;
    case 'workflow.task.added':
    case 'workflow.task.updated':
      return item.type === 'workflow' ? { ...open, item: withTask(item, update) } : open;
    case 'generated_image.updated':
      return item.type === 'generated_image'
        ? { ...open, item: { ...item, image: update.image }, preview: update }
        : open;
    default: // from a newer version, see parseFrames
      return open;
  }
}

function withText(open: OpenItem, item: AssistantMessageItem, update: AssistantMessageUpdate): OpenItem {
  const isEnd = update.type === 'assistant_message.content_part.done';
  const closedParts = isEnd ? new Set(open.closedParts).add(update.content_index) : open.closedParts;
  return { ...open, item: growMessage(item, update), closedParts };
}

// A task goes to its index, new or not [UP-7] [UP-8] [WF-7]; one beyond the end is appended.
function withTask(item: WorkflowItem, { task_index, task }: WorkflowUpdate): WorkflowItem {
  const tasks = item.workflow.tasks.toSpliced(task_index, 1, task);
  return { ...item, workflow: { ...item.workflow, tasks } };
}
