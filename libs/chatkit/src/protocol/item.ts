import { z } from 'zod';
import { AssistantMessageItem } from './assistant-message.js';
import { ClientToolCallItem } from './client-tool-call.js';
import { GeneratedImageItem } from './generated-image.js';
import { HiddenContextItem, SdkHiddenContextItem } from './hidden-item.js';
import { itemFields } from './item-fields.js';
import { StructuredInputItem } from './structured-input.js';
import { UserMessageItem } from './user-message.js';
import { WidgetItem } from './widget.js';
import { TaskItem, WorkflowItem } from './workflow.js';

/** A marker for the client's layout, not part of the model's input [IT-13]. */
const EndOfTurnItem = z.object({ type: z.literal('end_of_turn'), ...itemFields });

/** An entry of a thread, discriminated by `type`; fields that were null are absent [SER-1]. */
export const ThreadItem = z.discriminatedUnion('type', [
  UserMessageItem,
  AssistantMessageItem,
  ClientToolCallItem,
  WidgetItem,
  GeneratedImageItem,
  StructuredInputItem,
  WorkflowItem,
  TaskItem,
  HiddenContextItem,
  SdkHiddenContextItem,
  EndOfTurnItem,
]);
export type ThreadItem = z.output<typeof ThreadItem>;

/** The name of a kind of item. */
export type ItemType = ThreadItem['type'];

/** One kind of item by its name, for example `ItemOf<'widget'>`. */
export type ItemOf<Type extends ItemType> = Extract<ThreadItem, { type: Type }>;
