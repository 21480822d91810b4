import { z } from 'zod';
import { AssistantMessageUpdate } from './assistant-message.js';
import { GeneratedImageUpdate } from './generated-image.js';
import { WidgetUpdate } from './widget.js';
import { WorkflowUpdate } from './workflow.js';

/** What `thread.item.updated` can carry, [UP-1] to [UP-10]. */
export const ItemUpdate = z.discriminatedUnion('type', [
  ...AssistantMessageUpdate.options,
  ...WidgetUpdate.options,
  ...WorkflowUpdate.options,
  GeneratedImageUpdate,
]);
export type ItemUpdate = z.output<typeof ItemUpdate>;
