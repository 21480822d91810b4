import type { AssistantMessage, FileData, Message, UserMessage } from '../../../../spec/prompt.js';
import type { InputContent, InputItem } from '../wire.js';

/** The instructions and the input items of a prompt. Everything in a prompt can be expressed. */
export function toInput(prompt: readonly Message[]): { instructions?: string; input: InputItem[] } {
  const rest = prompt.findIndex((message) => message.role !== 'system');
  const leading = rest < 0 ? prompt : prompt.slice(0, rest);
  const instructions = leading.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  return {
    ...(instructions.length > 0 && { instructions: instructions.join('\n\n') }),
    input: prompt.slice(leading.length).flatMap(toItems),
  };
}

function toItems(message: Message): InputItem[] {
  switch (message.role) {
    case 'system':
      return [{ type: 'message', role: 'system', content: message.content }];
    case 'user':
      return [{ type: 'message', role: 'user', content: withoutEmpty(message.content).map(toContent) }];
    case 'assistant':
      return message.content.map(toOutput);
    case 'tool':
      return message.content.map((part) => ({
        type: 'function_call_output',
        call_id: part.callId,
        output: part.output,
      }));
    default:
      return message satisfies never;
  }
}

/** An empty text beside a picture says nothing, and is refused by some models behind this format. */
function withoutEmpty(content: UserMessage['content']): UserMessage['content'] {
  const filled = content.filter((part) => part.type !== 'text' || part.text.trim() !== '');
  return filled.length > 0 ? filled : content;
}

function toContent(part: UserMessage['content'][number]): InputContent {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  const { data } = part;
  if (part.type === 'image') return { type: 'input_image', image_url: toUrl(data, part.mediaType), detail: 'auto' };
  if (data.type === 'url') return { type: 'input_file', file_url: data.url };
  return { type: 'input_file', filename: part.name ?? 'file', file_data: toUrl(data, part.mediaType) };
}

function toUrl(data: FileData, mediaType: string): string {
  return data.type === 'url' ? data.url : `data:${mediaType};base64,${data.data}`;
}

/**
 * The model's output goes back in order and without OpenAI's ids: OpenAI would look an id up in its store, where we store
 * nothing. Reasoning is the exception, since it carries its own content.
 */
function toOutput(part: AssistantMessage['content'][number]): InputItem {
  switch (part.type) {
    case 'text':
      return {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: part.text, annotations: [] }],
      };
    case 'tool-call':
      return { type: 'function_call', call_id: part.callId, name: part.name, arguments: part.arguments };
    case 'reasoning':
      return { ...part.data, type: 'reasoning' };
    default:
      return part satisfies never;
  }
}
