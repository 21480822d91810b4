import { type Json, object } from '../../../http/json.js';
import type { AssistantMessage, Message, ToolCallPart, ToolResultPart, UserMessage } from '../../../spec/prompt.js';
import { type ContentOptions, toContent, toText } from './to-content.js';
import type { TextBlock, ToolResultBlock, ToolUseBlock, WireBlock, WireMessage } from '../wire.js';

/** Stands for a message of the user of which nothing can be sent. */
const NOTHING_READABLE: TextBlock = { type: 'text', text: '(no content that can be read)' };

/** One side's say: neighbours in one role are one message to Anthropic, and results come first in it. */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly results: ToolResultBlock[];
  readonly blocks: WireBlock[];
}

/** The instructions of a prompt, and its messages. The prompt fits: instructions are in front, and each result is at its call. */
export function toMessages(
  prompt: readonly Message[],
  options: ContentOptions,
): { system: string | undefined; messages: WireMessage[] } {
  const [first] = prompt;
  const system = first?.role === 'system' ? first.content : undefined;
  return { system, messages: alternating(toTurns(prompt, options)) };
}

function toTurns(prompt: readonly Message[], options: ContentOptions): Turn[] {
  return prompt.flatMap((message): Turn[] => {
    switch (message.role) {
      case 'system':
        return [];
      case 'user':
        return [{ role: 'user', results: [], blocks: toQuestion(message, options) }];
      case 'assistant':
        return [{ role: 'assistant', results: [], blocks: toAnswer(message) }];
      case 'tool':
        return [{ role: 'user', results: message.content.map(toResult), blocks: [] }];
      default:
        return message satisfies never;
    }
  });
}

/** Never empty: all that was attached may be what Anthropic would refuse. */
function toQuestion({ content }: UserMessage, options: ContentOptions): WireBlock[] {
  const blocks = content.flatMap((part) => toContent(part, options));
  return blocks.length > 0 ? blocks : [NOTHING_READABLE];
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
  return merged.map(({ role, results, blocks }) => ({ role, content: [...results, ...blocks] }));
}

export function isThought(block: WireBlock | undefined): boolean {
  return block?.type === 'thinking' || block?.type === 'redacted_thinking';
}

/** Thoughts that led to nothing are refused at the end of a message. */
function toAnswer({ content }: AssistantMessage): WireBlock[] {
  const blocks = content.flatMap((part): WireBlock[] => {
    switch (part.type) {
      case 'text':
        return toText(part.text);
      case 'tool-call':
        return [toToolUse(part)];
      case 'reasoning':
        return [replayed(part.data)];
      default:
        return part satisfies never;
    }
  });
  return blocks.slice(0, blocks.findLastIndex((block) => !isThought(block)) + 1);
}

/** Only our reader makes these, of what came from this provider. */
const replayed = (data: Json) => data as unknown as WireBlock;

function toToolUse({ callId, name, arguments: args }: ToolCallPart): ToolUseBlock {
  return { type: 'tool_use', id: callId, name, input: object(JSON.parse(args)) ?? {} };
}

function toResult({ callId, output }: ToolResultPart): ToolResultBlock {
  return { type: 'tool_result', tool_use_id: callId, content: output };
}
