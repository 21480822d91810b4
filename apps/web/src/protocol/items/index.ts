import { type Fields, fields, text } from '../read-fields.js';
import {
  type AssistantMessage,
  growMessage,
  type MessageUpdate,
  readAssistantMessage,
  readMessageUpdate,
} from './assistant-message.js';
import { type ClientToolCall, readClientToolCall } from './client-tool-call.js';
import { type EndOfTurn, readEndOfTurn } from './end-of-turn.js';
import {
  type GeneratedImage,
  growImage,
  type ImageUpdate,
  readGeneratedImage,
  readImageUpdate,
} from './generated-image.js';
import type { ItemFields } from './item-fields.js';
import { type OtherItem, readOther } from './other.js';
import { readStructuredInput, type StructuredInput } from './structured-input.js';
import { readTaskItem, type TaskItem } from './task.js';
import { readUserMessage, type UserMessage } from './user-message.js';
import { growWidget, readWidget, readWidgetUpdate, type Widget, type WidgetUpdate } from './widget.js';
import { growWorkflow, readWorkflow, readWorkflowUpdate, type Workflow, type WorkflowUpdate } from './workflow.js';

export type Item =
  | UserMessage
  | AssistantMessage
  | ClientToolCall
  | Widget
  | GeneratedImage
  | StructuredInput
  | Workflow
  | TaskItem
  | EndOfTurn
  | OtherItem;

export type ItemUpdate = MessageUpdate | WidgetUpdate | WorkflowUpdate | ImageUpdate | { readonly type: 'other' };

type Reader<Kind extends Item> = (own: ItemFields, item: Fields) => Kind | undefined;

/** How each kind is read; undefined if it is malformed. */
const READERS: { readonly [Kind in Exclude<Item['type'], 'other'>]: Reader<Extract<Item, { type: Kind }>> } = {
  user_message: readUserMessage,
  assistant_message: readAssistantMessage,
  client_tool_call: readClientToolCall,
  widget: readWidget,
  generated_image: readGeneratedImage,
  structured_input: readStructuredInput,
  workflow: readWorkflow,
  task: readTaskItem,
  end_of_turn: readEndOfTurn,
};

/** Kinds that no client is sent, and that no page shows [HD-1]. */
const HIDDEN: ReadonlySet<unknown> = new Set(['hidden_context_item', 'sdk_hidden_context']);

export const isHidden = (item: Fields): boolean => HIDDEN.has(item['type']);

/** An item; undefined if it has no id, or is hidden. One that this page cannot read keeps its place as `other`. */
export function readItem(value: unknown): Item | undefined {
  const item = fields(value);
  if (!item || typeof item['id'] !== 'string' || isHidden(item)) return undefined;
  const own = { id: item['id'], created_at: text(item['created_at']) };
  const kind = text(item['type']);
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind as keyof typeof READERS] : undefined;
  return reader?.(own, item) ?? readOther(own, kind, item);
}

export function readUpdate(value: unknown): ItemUpdate {
  const update = fields(value) ?? {};
  return (
    readMessageUpdate(update) ??
    readWidgetUpdate(update) ??
    readWorkflowUpdate(update) ??
    readImageUpdate(update) ?? { type: 'other' }
  );
}

/** The item after one of its updates. Pure; one for another kind of item changes nothing. */
export function growItem(item: Item, update: ItemUpdate): Item {
  switch (update.type) {
    case 'part':
    case 'delta':
    case 'annotation':
      return item.type === 'assistant_message' ? growMessage(item, update) : item;
    case 'widget.root.updated':
    case 'widget.component.updated':
    case 'widget.streaming_text.value_delta':
      return item.type === 'widget' ? growWidget(item, update) : item;
    case 'task':
      return item.type === 'workflow' ? growWorkflow(item, update) : item;
    case 'image':
      return item.type === 'generated_image' ? growImage(item, update) : item;
    case 'other':
      return item;
  }
}
