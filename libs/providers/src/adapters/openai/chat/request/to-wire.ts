import type { CallSettings } from '../../../../spec/call-settings.js';
import { chatTraits } from '../../../../traits/chat-traits.js';
import { withinRanges } from '../../../../traits/within-ranges.js';
import { fitSettings } from '../../../../traits/fit-settings.js';
import { ignoredDocuments } from '../../../../spec/ignored-documents.js';
import type { ModelCall } from '../../../../spec/language-model.js';
import type { ModelRef } from '../../../../spec/model-ref.js';
import type { AssistantMessage, Message, UserMessage } from '../../../../spec/prompt.js';
import type { Warning } from '../../../../spec/stream-part.js';
import type { Dialect } from '../dialect.js';
import { replayOf } from '../replay.js';
import type { ChatContent, ChatMessage, ChatRequest } from '../wire.js';

/** The servers of OpenAI's own models. */
const OPENAI: ReadonlySet<string | undefined> = new Set(['openai', 'azure-openai']);

/** A call as the body of a streaming chat completion, with what could not be expressed in it. */
export function toWire(call: ModelCall, ref: ModelRef, dialect: Dialect): { body: ChatRequest; warnings: Warning[] } {
  const warnings = ignoredDocuments(call);
  const hasTools = dialect.tools && (call.tools?.length ?? 0) > 0;
  const traits = chatTraits(ref.model, dialect.server);
  const fitted = fitSettings(call.settings ?? {}, traits, { hasTools, chat: OPENAI.has(dialect.server) });
  warnings.push(...fitted.warnings);
  const body: ChatRequest = {
    ...toSettings(withinRanges(fitted.settings, dialect.ranges, warnings), dialect, warnings),
    ...fitted.fields,
    ...toTools(call, dialect, warnings),
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
    ...call.providerOptions?.[ref.provider],
    // After the options: the reader of the answer relies on these.
    n: undefined,
    model: ref.model,
    messages: call.prompt.flatMap((message) => toMessages(message, warnings)),
    stream: true,
  };
  return { body, warnings };
}

function toSettings(settings: CallSettings, { fields }: Dialect, warnings: Warning[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const setting = name as keyof CallSettings;
    // An empty list of stop words is refused.
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    const field = fields[setting];
    if (field !== null) body[field] = value;
    else warnings.push({ code: 'unsupported_setting', setting, detail: NO_FIELD });
  }
  return body;
}

const NO_FIELD = 'this server has no field for it; where it takes one all the same, name it in providerOptions';

function toTools(
  { tools = [], toolChoice: choice }: ModelCall,
  dialect: Dialect,
  warnings: Warning[],
): Pick<ChatRequest, 'tools' | 'tool_choice'> {
  // Both fields are refused without at least one tool.
  if (tools.length === 0) return {};
  if (!dialect.tools) {
    warnings.push({ code: 'unsupported_setting', setting: 'tools', detail: 'this server takes no tools' });
    return {};
  }
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
      return message.content.map(({ callId, output }) => ({
        role: 'tool',
        tool_call_id: callId,
        content: output,
      }));
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
  // Many models behind such servers refuse an empty text.
  if (part.type === 'text') return part.text.trim() ? [{ type: 'text', text: part.text }] : [];
  const { data, mediaType } = part;
  const url = data.type === 'url' ? data.url : `data:${mediaType};base64,${data.data}`;
  if (part.type === 'image') return [{ type: 'image_url', image_url: { url } }];
  if (data.type === 'base64') return [{ type: 'file', file: { filename: part.name ?? 'file', file_data: url } }];
  warnings.push({ code: 'unsupported_content', detail: 'chat completions takes files as bytes, not by URL' });
  return [];
}

function toAssistant(message: AssistantMessage): ChatMessage {
  const { content } = message;
  const replay = replayOf(message);
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const calls = content.filter((part) => part.type === 'tool-call');
  if (calls.length === 0) return { role: 'assistant', content: text };
  return {
    role: 'assistant',
    content: text || null,
    ...replay.fields,
    tool_calls: calls.map((call) => ({
      id: call.callId,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
      ...replay.ofCall(call.callId),
    })),
  };
}
