import { type Json, object } from '../../../http/json.js';
import type { AssistantMessage, Message, ToolCallPart, ToolResultPart } from '../../../spec/prompt.js';
import { CallIds } from './call-ids.js';
import { type ContentOptions, toContent, toText } from './to-content.js';
import type { TextBlock, ToolResultBlock, ToolUseBlock, WireBlock, WireMessage } from '../wire.js';

/** What stands where Anthropic insists on a message of the person's and the prompt has none. */
const NOTHING_SAID: WireMessage = { role: 'user', content: [{ type: 'text', text: '(no message)' }] };

/** One side's say: neighbours in one role are one message to Anthropic, and results come first in it. */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly results: ToolResultBlock[];
  readonly blocks: WireBlock[];
}

/** The instructions of a prompt, wherever they stand in it, and its messages, for the provider of this id. */
export function toMessages(
  prompt: readonly Message[],
  provider: string,
  options: ContentOptions,
): { system: string | undefined; messages: WireMessage[] } {
  const system = prompt.flatMap((one) => (one.role === 'system' && one.content.trim() ? [one.content] : []));
  const messages = alternating(toTurns(prompt, provider, options));
  if (messages[0]?.role !== 'user') messages.unshift(NOTHING_SAID);
  return { system: system.length > 0 ? system.join('\n\n') : undefined, messages };
}

function toTurns(prompt: readonly Message[], provider: string, options: ContentOptions): Turn[] {
  const ids = new CallIds();
  return prompt.flatMap((message): Turn[] => {
    switch (message.role) {
      case 'system':
        return [];
      case 'user':
        return [{ role: 'user', results: [], blocks: message.content.flatMap((part) => toContent(part, options)) }];
      case 'assistant':
        return [{ role: 'assistant', results: [], blocks: toAnswer(message, provider, ids) }];
      case 'tool':
        return [{ role: 'user', results: message.content.map((part) => toResult(part, ids)), blocks: [] }];
      default:
        return message satisfies never;
    }
  });
}

function alternating(turns: readonly Turn[]): WireMessage[] {
  const merged: Turn[] = [];
  for (const { role, results, blocks } of turns) {
    if (results.length + blocks.length === 0) continue;
    const last = merged.at(-1);
    if (last?.role === role) {
      last.results.push(...results);
      last.blocks.push(...blocks);
    } else merged.push({ role, results: [...results], blocks: [...blocks] });
  }
  const messages = merged.map(({ role, results, blocks }) => ({ role, content: [...results, ...blocks] }));
  return messages.map((message, index) => (index === messages.length - 1 ? withTrimmedEnd(message) : message));
}

/** An answer that the model is to carry on may not end in white space. */
function withTrimmedEnd(message: WireMessage): WireMessage {
  const last = message.content.at(-1);
  if (message.role !== 'assistant' || !last || !isText(last)) return message;
  return { role: 'assistant', content: [...message.content.slice(0, -1), ...toText(last.text.trimEnd())] };
}

function isText(block: WireBlock): block is TextBlock {
  return block.type === 'text';
}

export function isThought(block: WireBlock | undefined): boolean {
  return block?.type === 'thinking' || block?.type === 'redacted_thinking';
}

/** Thoughts that led to nothing are refused at the end of a message. */
function toAnswer({ content }: AssistantMessage, provider: string, ids: CallIds): WireBlock[] {
  const blocks = content.flatMap((part): WireBlock[] => {
    switch (part.type) {
      case 'text':
        return toText(part.text);
      case 'tool-call':
        return [toToolUse(part, ids)];
      case 'reasoning':
        return part.provider === provider ? [replayed(part.data)] : [];
      default:
        return part satisfies never;
    }
  });
  return blocks.slice(0, blocks.findLastIndex((block) => !isThought(block)) + 1);
}

/** Only our reader makes these, of what came from this provider. */
const replayed = (data: Json) => data as unknown as WireBlock;

function toToolUse({ callId, name, arguments: raw }: ToolCallPart, ids: CallIds): ToolUseBlock {
  return { type: 'tool_use', id: ids.call(callId), name, input: toInput(raw) };
}

/** The wire takes an object only; Anthropic's own advice is to wrap what is none, so that the model sees what it wrote. */
function toInput(raw: string): ToolUseBlock['input'] {
  if (!raw.trim()) return {};
  try {
    const input = object(JSON.parse(raw));
    if (input) return input;
  } catch {
    // The model was cut off in the middle of its arguments, or wrote them badly.
  }
  return { INVALID_JSON: raw };
}

function toResult({ callId, output }: ToolResultPart, ids: CallIds): ToolResultBlock {
  return { type: 'tool_result', tool_use_id: ids.result(callId), ...(output && { content: output }) };
}
