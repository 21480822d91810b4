import { text } from '../../../http/json.js';
import type { AssistantMessage, Message, ToolCallPart, UserMessage } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import type { AssistantContent, AssistantTurn, CohereMessage, CohereToolCall, UserContent } from '../wire.js';

/** A message for the provider of this id. Messages without content are refused, and nothing is lost by leaving them out. */
export function toMessages(message: Message, provider: string, warnings: Warning[]): CohereMessage[] {
  switch (message.role) {
    case 'system':
      return message.content ? [{ role: 'system', content: message.content }] : [];
    case 'user':
      return toUser(message, warnings);
    case 'assistant':
      return toAssistant(message, provider);
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
      return part.text ? [part] : [];
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

function toAssistant({ content }: AssistantMessage, provider: string): AssistantTurn[] {
  const contents = content.flatMap((part): AssistantContent[] => {
    if (part.type === 'text') return part.text ? [part] : [];
    const thinking = part.type === 'reasoning' && part.provider === provider && text(part.data['thinking']);
    return thinking ? [{ type: 'thinking', thinking }] : [];
  });
  const plan = content.flatMap((part) =>
    part.type === 'reasoning' && part.provider === provider ? [text(part.data['tool_plan'])] : [],
  );
  const calls = content.flatMap((part) => (part.type === 'tool-call' ? [toToolCall(part)] : []));
  if (contents.length === 0 && calls.length === 0) return [];
  const toolPlan = plan.join('');
  return [
    {
      role: 'assistant',
      ...(contents.length > 0 && { content: inShort(contents) }),
      ...(toolPlan && { toolPlan }),
      ...(calls.length > 0 && { toolCalls: calls }),
    },
  ];
}

function inShort(contents: AssistantContent[]): string | AssistantContent[] {
  const texts = contents.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === contents.length ? texts.join('') : contents;
}

/** The model itself writes nothing, or null, for a function without parameters; what goes back is an object. */
function toToolCall({ callId, name, arguments: given }: ToolCallPart): CohereToolCall {
  const isEmpty = /^\s*(null\s*)?$/.test(given);
  return { id: callId, type: 'function', function: { name, arguments: isEmpty ? '{}' : given } };
}
