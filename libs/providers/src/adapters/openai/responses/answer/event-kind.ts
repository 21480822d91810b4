import { type Json, object } from '../../../../http/json.js';
import type { OutputItemType, ResponseEventType } from '../wire.js';

/** How we treat an output item; `hosted` is what runs at the provider and is not part of the answer. */
export type ItemKind = 'message' | 'reasoning' | 'function_call' | 'image' | 'hosted';

const BY_ITEM_TYPE: Readonly<Record<string, ItemKind>> = {
  message: 'message',
  reasoning: 'reasoning',
  function_call: 'function_call',
  image_generation_call: 'image',
} satisfies Partial<Record<OutputItemType, ItemKind>>;

const BY_EVENT_TYPE: Readonly<Record<string, ItemKind>> = {
  'response.output_text.delta': 'message',
  'response.output_text.done': 'message',
  'response.output_text.annotation.added': 'message',
  'response.refusal.delta': 'message',
  'response.refusal.done': 'message',
  'response.reasoning_summary_part.added': 'reasoning',
  'response.reasoning_summary_part.done': 'reasoning',
  'response.reasoning_summary_text.delta': 'reasoning',
  'response.reasoning_summary_text.done': 'reasoning',
  'response.reasoning_text.delta': 'reasoning',
  'response.reasoning_text.done': 'reasoning',
  'response.function_call_arguments.delta': 'function_call',
  'response.function_call_arguments.done': 'function_call',
  'response.image_generation_call.partial_image': 'image',
} satisfies Partial<Record<ResponseEventType, ItemKind>>;

/** Events that we ignore: the states of the response, and the progress of tools that run at the provider. */
const IGNORED =
  /^(keepalive$|response\.(created|queued|in_progress|audio|compaction|steer|code_interpreter_call|custom_tool_call_input|file_search_call|image_generation_call|web_search_call|mcp_call|mcp_list_tools|shell_call|local_shell_call|apply_patch_call|computer_call|tool_search)[._]?)/;

export function kindOfItem(item: Json): ItemKind {
  return (typeof item['type'] === 'string' && BY_ITEM_TYPE[item['type']]) || 'hosted';
}

/** The kind of item that an event of this type is about; undefined for all that are about none of ours. */
export function kindOfEvent(type: string, event: Json): ItemKind | undefined {
  if (type.startsWith('response.content_part.')) {
    return object(event['part'])?.['type'] === 'reasoning_text' ? 'reasoning' : 'message';
  }
  return BY_EVENT_TYPE[type];
}

export function isIgnored(type: string): boolean {
  return IGNORED.test(type);
}
