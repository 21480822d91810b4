import { text } from '../../../http/json.js';
import type { AssistantMessage, Message, ToolCallPart, UserMessage } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import type { AssistantContent, AssistantTurn, CohereMessage, CohereToolCall, UserContent } from '../wire.js';

/** A message of a prompt that fits, see `conversation`. One of which nothing can be sent is left out. */
export function toMessages(message: Message, warnings: Warning[]): CohereMessage[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return toUser(message, warnings);
    case 'assistant':
      return [toAssistant(message)];
    case 'tool':
      return message.content.map((part) => ({ role: 'tool', toolCallId: part.callId, content: part.output }));
    default:
      return message satisfies never;
  }
}

/** One string where there is only text, as older models want it. */
function toUser({ content }: UserMessage, warnings: Warning[]): CohereMessage[] {
  const parts = content.flatMap((part) => toContent(part, warnings));
  if (parts.length === 0) return [];
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return [{ role: 'user', content: texts.length === parts.length ? texts.join('\n\n') : parts }];
}

function toContent(part: UserMessage['content'][number], warnings: Warning[]): UserContent[] {
  switch (part.type) {
    case 'text':
      return [part];
    case 'image': {
      const { data, mediaType } = part;
      const url = data.type === 'url' ? data.url : `data:${mediaType};base64,${data.data}`;
      return [{ type: 'image_url', imageUrl: { url } }];
    }
    case 'file':
      warnings.push({ code: 'unsupported_content', detail: `Cohere takes texts and images, not ${part.mediaType}` });
      return [];
    default:
      return part satisfies never;
  }
}

function toAssistant({ content }: AssistantMessage): AssistantTurn {
  const contents = content.flatMap((part): AssistantContent[] => {
    if (part.type === 'text') return [part];
    const thinking = part.type === 'reasoning' && text(part.data['thinking']);
    return thinking ? [{ type: 'thinking', thinking }] : [];
  });
  const plan = content.flatMap((part) => (part.type === 'reasoning' ? [text(part.data['tool_plan'])] : []));
  const calls = content.flatMap((part) => (part.type === 'tool-call' ? [toToolCall(part)] : []));
  const toolPlan = plan.join('');
  return {
    role: 'assistant',
    ...(contents.length > 0 && { content: inShort(contents) }),
    ...(toolPlan && { toolPlan }),
    ...(calls.length > 0 && { toolCalls: calls }),
  };
}

function inShort(contents: AssistantContent[]): string | AssistantContent[] {
  const texts = contents.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === contents.length ? texts.join('') : contents;
}

function toToolCall({ callId, name, arguments: args }: ToolCallPart): CohereToolCall {
  return { id: callId, type: 'function', function: { name, arguments: args } };
}
