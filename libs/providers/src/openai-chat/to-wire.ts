import type { CallSettings } from '../spec/call-settings.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { AssistantMessage, Message, ToolChoice, ToolDefinition, UserMessage } from '../spec/prompt.js';
import type { Warning } from '../spec/stream-part.js';
import type { Dialect } from '../openai/settings.js';
import type { ChatContent, ChatMessage, ChatRequest } from './wire.js';

/** A call as the body of a streaming chat completion, with what could not be expressed in it. */
export function toWire(call: ModelCall, ref: ModelRef, dialect: Dialect): { body: ChatRequest; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const body: ChatRequest = {
    ...toSettings(call.settings ?? {}, dialect, warnings),
    ...toTools(call.tools, call.toolChoice),
    stream_options: { include_usage: true },
    ...call.providerOptions?.[ref.provider],
    // After the options: the reader of the answer relies on these.
    n: undefined,
    model: ref.model,
    messages: call.prompt.flatMap((message) => toMessages(message, warnings)),
    stream: true,
  };
  return { body, warnings };
}

function toSettings(settings: CallSettings, dialect: Dialect, warnings: Warning[]): Record<string, unknown> {
  const { maxTokens, temperature, topP, topK, frequencyPenalty, presencePenalty, stop, seed, reasoningEffort } =
    settings;
  if (topK !== undefined) {
    const detail = 'chat completions has no top_k; where the server takes one, name it in providerOptions';
    warnings.push({ code: 'unsupported_setting', setting: 'topK', detail });
  }
  return {
    [dialect.maxTokensField]: maxTokens,
    temperature,
    top_p: topP,
    frequency_penalty: frequencyPenalty,
    presence_penalty: presencePenalty,
    // An empty list is refused.
    stop: stop?.length ? stop : undefined,
    seed,
    reasoning_effort: reasoningEffort,
  };
}

function toTools(tools: readonly ToolDefinition[] = [], choice?: ToolChoice): Record<string, unknown> {
  // Both fields are refused without at least one tool.
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => ({ type: 'function', function: tool })),
    tool_choice: typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice,
  };
}

function toMessages(message: Message, warnings: Warning[]): ChatMessage[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [{ role: 'user', content: toUserContent(message, warnings) }];
    case 'assistant':
      return [toAssistant(message)];
    case 'tool':
      return message.content.map((part) => ({ role: 'tool', tool_call_id: part.callId, content: part.output }));
    default:
      return message satisfies never;
  }
}

/** One string where there is only text: many servers know no content parts. */
function toUserContent({ content }: UserMessage, warnings: Warning[]): string | ChatContent[] {
  const texts = content.filter((part) => part.type === 'text').map((part) => part.text);
  if (texts.length === content.length) return texts.join('\n\n');
  return content.flatMap((part) => toContent(part, warnings));
}

function toContent(part: UserMessage['content'][number], warnings: Warning[]): ChatContent[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  const { data, mediaType } = part;
  const url = data.type === 'url' ? data.url : `data:${mediaType};base64,${data.data}`;
  if (part.type === 'image') return [{ type: 'image_url', image_url: { url } }];
  if (data.type === 'base64') return [{ type: 'file', file: { filename: part.name ?? 'file', file_data: url } }];
  warnings.push({ code: 'unsupported_content', detail: 'chat completions takes files as bytes, not by URL' });
  return [];
}

function toAssistant({ content }: AssistantMessage): ChatMessage {
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const calls = content.filter((part) => part.type === 'tool-call');
  if (calls.length === 0) return { role: 'assistant', content: text };
  return {
    role: 'assistant',
    content: text || null,
    tool_calls: calls.map((call) => ({
      id: call.callId,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}
