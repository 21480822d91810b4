import { dropAbsent, object, text } from '../../../http/json.js';
import type { CallSettings } from '../../../spec/call-settings.js';
import { familyName } from '../../../traits/family-name.js';
import { ignoredDocuments } from '../../../spec/ignored-documents.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import type { AssistantMessage, Message, UserMessage } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import type { OllamaMessage, OllamaRequest } from '../wire.js';

/** A call as the body of a streaming request, with what could not be expressed in it. */
export function toWire(call: ModelCall, ref: ModelRef): { body: OllamaRequest; warnings: Warning[] } {
  const warnings = ignoredDocuments(call);
  const { options: given, ...more } = call.providerOptions?.[ref.provider] ?? {};
  const options = { ...toOptions(call.settings ?? {}), ...object(given) };
  const body: OllamaRequest = {
    ...(Object.keys(options).length > 0 && { options }),
    ...toThink(call.settings?.reasoningEffort, ref.model),
    ...toTools(call, warnings),
    ...more,
    // After the options: the reader of the answer relies on these.
    model: ref.model,
    messages: call.prompt.flatMap((message) => toMessages(message, warnings)),
    stream: true,
  };
  return { body, warnings };
}

/** https://docs.ollama.com/modelfile#parameter */
function toOptions(settings: CallSettings): Record<string, unknown> {
  return dropAbsent({
    num_predict: settings.maxTokens,
    temperature: settings.temperature,
    top_p: settings.topP,
    top_k: settings.topK,
    frequency_penalty: settings.frequencyPenalty,
    presence_penalty: settings.presencePenalty,
    stop: settings.stop,
    seed: settings.seed,
  });
}

/**
 * https://docs.ollama.com/capabilities/thinking: gpt-oss takes a level, cannot turn thinking off, and ignores true and false;
 * every other model takes true and false, and is refused with a level. Only the name distinguishes them.
 */
function toThink(effort: CallSettings['reasoningEffort'], model: string): { think?: boolean | string } {
  if (effort === undefined) return {};
  if (!familyName(model).includes('gpt-oss')) return { think: effort !== 'none' };
  if (effort === 'medium') return { think: 'medium' };
  return { think: effort === 'none' || effort === 'minimal' || effort === 'low' ? 'low' : 'high' };
}

function toTools({ tools = [], toolChoice = 'auto' }: ModelCall, warnings: Warning[]) {
  if (tools.length === 0 || toolChoice === 'none') return {};
  if (toolChoice !== 'auto') {
    const detail = 'Ollama has no tool_choice: the model decides whether it calls one';
    warnings.push({ code: 'unsupported_setting', setting: 'toolChoice', detail });
  }
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters },
    })),
  };
}

function toMessages(message: Message, warnings: Warning[]): OllamaMessage[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [toUser(message, warnings)];
    case 'assistant':
      return [toAssistant(message)];
    case 'tool':
      return message.content.map(({ callId, name, output }) => ({
        role: 'tool',
        content: output,
        tool_name: name,
        tool_call_id: callId,
      }));
    default:
      return message satisfies never;
  }
}

function toUser({ content }: UserMessage, warnings: Warning[]): OllamaMessage {
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of content) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'image' && part.data.type === 'base64') images.push(part.data.data);
    else warnings.push({ code: 'unsupported_content', detail: 'Ollama takes images as bytes, and no other files' });
  }
  return { role: 'user', content: texts.join('\n\n'), ...(images.length > 0 && { images }) };
}

function toAssistant({ content }: AssistantMessage): OllamaMessage {
  const joined = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const thoughts = content.flatMap((part) => (part.type === 'reasoning' ? [text(part.data['thinking'])] : []));
  const calls = content.filter((part) => part.type === 'tool-call');
  return {
    role: 'assistant',
    content: joined,
    ...(thoughts.length > 0 && { thinking: thoughts.join('') }),
    ...(calls.length > 0 && {
      // Ollama wants the arguments as an object.
      tool_calls: calls.map((call) => ({
        id: call.callId,
        function: { name: call.name, arguments: object(JSON.parse(call.arguments)) ?? {} },
      })),
    }),
  };
}
