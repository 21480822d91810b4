import type { CallSettings, ImagePart, Message, ModelCall, ToolChoice, UserMessage } from '#providers';
import type { ChatCompletionRequest } from '#runtime';

type ChatMessage = ChatCompletionRequest['messages'][number];
type UserContent = Extract<ChatMessage, { role: 'user' }>['content'];

/** A request of the gateway as a model call: prompt, settings and tools. For all other fields see `request-options.ts`. */
export function toModelCall(request: ChatCompletionRequest): ModelCall {
  const settings = toSettings(request);
  const { tools, tool_choice: choice } = request;
  return {
    prompt: toPrompt(request.messages),
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(tools?.length && {
      tools: tools.map(({ function: { name, description, parameters, strict } }) => ({
        name,
        ...present({ description, strict }),
        parameters: parameters ?? { type: 'object', properties: {} },
      })),
      ...(choice && { toolChoice: toChoice(choice) }),
    }),
  };
}

const toChoice = (choice: NonNullable<ChatCompletionRequest['tool_choice']>): ToolChoice =>
  typeof choice === 'string' ? choice : { name: choice.function.name };

function toSettings(request: ChatCompletionRequest): CallSettings {
  const { stop } = request;
  return present({
    maxTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    topK: request.top_k,
    frequencyPenalty: request.frequency_penalty,
    presencePenalty: request.presence_penalty,
    stop: typeof stop === 'string' ? [stop] : stop,
    seed: request.seed,
    reasoningEffort: request.reasoning_effort,
  });
}

/** Pictures that the model made stand before what the person wrote next: as a rule, providers take none in an answer. */
function toPrompt(messages: readonly ChatMessage[]): Message[] {
  const names = new Map<string, string>();
  const prompt: Message[] = [];
  let made: ImagePart[] = [];
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'developer':
        prompt.push({ role: 'system', content: textOf(message.content) });
        break;
      case 'user':
        prompt.push({ role: 'user', content: [...made, ...toUserContent(message.content)] });
        made = [];
        break;
      case 'assistant':
        prompt.push(toAssistant(message));
        made.push(...(message.images ?? []).map(({ image_url: { url } }) => toImage(url)));
        for (const call of message.tool_calls ?? []) names.set(call.id, call.function.name);
        break;
      case 'tool': {
        const callId = message.tool_call_id;
        const result = { callId, name: names.get(callId) ?? '', output: textOf(message.content) };
        addResult(prompt, { type: 'tool-result', ...result });
        break;
      }
      default:
        message satisfies never;
    }
  }
  return made.length > 0 ? [...prompt, { role: 'user', content: made }] : prompt;
}

/** All results of one assistant message become one message here. */
function addResult(prompt: Message[], result: Extract<Message, { role: 'tool' }>['content'][number]): void {
  const last = prompt.at(-1);
  if (last?.role === 'tool') prompt[prompt.length - 1] = { role: 'tool', content: [...last.content, result] };
  else prompt.push({ role: 'tool', content: [result] });
}

function toAssistant({ content, tool_calls: calls }: Extract<ChatMessage, { role: 'assistant' }>): Message {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : (content ?? []);
  const texts = parts.map((part) => ({ type: 'text' as const, text: part.type === 'text' ? part.text : part.refusal }));
  return {
    role: 'assistant',
    content: [
      ...texts.filter(({ text }) => text !== ''),
      ...(calls ?? []).map(({ id, function: { name, arguments: args } }) => ({
        type: 'tool-call' as const,
        callId: id,
        name,
        arguments: args,
      })),
    ],
  };
}

function toUserContent(content: UserContent): UserMessage['content'] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part) => {
    switch (part.type) {
      case 'text':
        return { type: 'text', text: part.text };
      case 'image_url':
        return toImage(part.image_url.url);
      case 'file':
        return { type: 'file', ...bytesOf(part.file.file_data), ...present({ name: part.file.filename }) };
    }
  });
}

const toImage = (url: string): ImagePart => ({
  type: 'image',
  ...(url.startsWith('data:') ? bytesOf(url) : { mediaType: typeByName(url), data: { type: 'url', url } }),
});

/** `data:<type>;base64,<data>` */
function bytesOf(dataUrl: string) {
  const comma = dataUrl.indexOf(',');
  const mediaType = dataUrl.slice('data:'.length, dataUrl.indexOf(';'));
  return { mediaType, data: { type: 'base64' as const, data: dataUrl.slice(comma + 1) } };
}

const IMAGE_TYPES: Readonly<Record<string, string>> = { png: 'image/png', gif: 'image/gif', webp: 'image/webp' };

/** Nothing has fetched the picture yet: its address is all that is known. */
const typeByName = (url: string): string => {
  const [, ending = ''] = /\.(\w+)$/.exec(new URL(url).pathname) ?? [];
  return IMAGE_TYPES[ending.toLowerCase()] ?? 'image/jpeg';
};

const textOf = (content: string | readonly { readonly text: string }[]): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('');

type Present<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> };

function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Present<Fields>;
}
