import type { CallSettings } from '../../spec/call-settings.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { ModelCaller } from '../../spec/model-attempt.js';
import type { ModelRef } from '../../spec/model-ref.js';
import type { FileData, Message, ToolChoice, ToolDefinition } from '../../spec/prompt.js';

/** A message as templates see it; each result of a tool is one of its own. */
export interface TemplateMessage {
  /** In the words of the API. */
  readonly role: string;
  /** In ours: what `$roles` picks by. */
  readonly kind: Message['role'];
  /** All of its texts; the output of a tool. */
  readonly text: string;
  readonly images: readonly TemplateFile[];
  readonly files: readonly TemplateFile[];
  readonly toolCalls: readonly { readonly callId: string; readonly name: string; readonly arguments: string }[];
  /** Of the result of a tool. */
  readonly callId?: string;
  readonly name?: string;
}

/** `url` is a `data:` URL where there are bytes; `data` is their base64. */
export interface TemplateFile {
  readonly mediaType: string;
  readonly url: string;
  readonly data?: string;
  readonly name?: string;
}

/** What was said before the last question: a question and its answer. */
export interface TemplateTurn {
  readonly user: string;
  readonly assistant: string;
}

/** What the variables of a template stand for. Absent: left out of what is sent. */
export interface TemplateScope {
  /** All messages, standing instructions included. */
  readonly messages: readonly TemplateMessage[];
  /** Those before the last one of the person, without standing instructions. */
  readonly history: readonly TemplateMessage[];
  readonly turns: readonly TemplateTurn[];
  /** The standing instructions as one text. */
  readonly system: string | undefined;
  /** The whole conversation as one text. */
  readonly prompt: string;
  readonly lastUserMessage: string;
  readonly model: string;
  readonly settings: CallSettings;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice | undefined;
  readonly caller: Partial<ModelCaller>;
  /** `{{now}}` is ISO 8601; also `now.iso`, `now.epoch` (seconds) and `now.epochMs`. */
  readonly now: Date;
  /** The `vars` of the config entry. */
  readonly vars: Readonly<Record<string, unknown>>;
}

/** How the messages become one text, for an API that takes no messages. */
export interface Flattening {
  /** What stands before a text, by our roles. */
  readonly labels: Readonly<Partial<Record<Message['role'], string>>>;
  readonly separator: string;
  /** The end, where the model is to go on. */
  readonly ending: string;
}

export const DEFAULT_FLATTENING: Flattening = {
  labels: { user: 'User: ', assistant: 'Assistant: ', tool: 'Tool: ' },
  separator: '\n\n',
  ending: 'Assistant:',
};

export interface ScopeOptions {
  /** The words of the API for our roles; ours where one is left out. */
  readonly roles?: Readonly<Partial<Record<Message['role'], string>>> | undefined;
  /** By default {@link DEFAULT_FLATTENING}. */
  readonly flattening?: Flattening | undefined;
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  readonly now: Date;
}

/** What a template may say about one call. */
export function scopeOf(call: ModelCall, ref: ModelRef, options: ScopeOptions): TemplateScope {
  const messages = call.prompt.flatMap((message) => toTemplate(message, options.roles ?? {}));
  const system = messages.filter(({ kind }) => kind === 'system').map(({ text }) => text);
  const turns = messages.filter(({ kind }) => kind !== 'system');
  const last = turns.findLastIndex(({ kind }) => kind === 'user');
  const history = last < 0 ? turns : turns.slice(0, last);
  return {
    messages,
    history,
    turns: turnsOf(history),
    system: system.length > 0 ? system.join('\n\n') : undefined,
    prompt: flatten(messages, options.flattening ?? DEFAULT_FLATTENING),
    lastUserMessage: turns[last]?.text ?? '',
    model: ref.model,
    settings: call.settings ?? {},
    tools: call.toolChoice === 'none' ? [] : (call.tools ?? []),
    toolChoice: call.toolChoice,
    caller: call.caller ?? {},
    now: options.now,
    vars: options.vars ?? {},
  };
}

const NOTHING = { images: [], files: [], toolCalls: [] };

function toTemplate(message: Message, roles: NonNullable<ScopeOptions['roles']>): TemplateMessage[] {
  const kind = message.role;
  const base = { ...NOTHING, kind, role: roles[kind] ?? kind };
  switch (message.role) {
    case 'system':
      return [{ ...base, text: message.content }];
    case 'tool':
      return message.content.map(({ output, callId, name }) => ({ ...base, text: output, callId, name }));
    case 'user':
    case 'assistant':
      return [{ ...base, ...partsOf(message) }];
    default:
      return message satisfies never;
  }
}

function partsOf({ content }: Extract<Message, { role: 'user' | 'assistant' }>) {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return {
    text: texts.join('\n\n'),
    images: content.flatMap((part) => (part.type === 'image' ? [fileOf(part)] : [])),
    files: content.flatMap((part) => (part.type === 'file' ? [fileOf(part)] : [])),
    toolCalls: content.flatMap((part) =>
      part.type === 'tool-call' ? [{ callId: part.callId, name: part.name, arguments: part.arguments }] : [],
    ),
  };
}

function fileOf({ mediaType, data, name }: { mediaType: string; data: FileData; name?: string }): TemplateFile {
  const where =
    data.type === 'url' ? { url: data.url } : { url: `data:${mediaType};base64,${data.data}`, data: data.data };
  return { mediaType, ...where, ...(name !== undefined && { name }) };
}

/** Pairs of question and answer; what one side said in several messages is one text. */
function turnsOf(history: readonly TemplateMessage[]): TemplateTurn[] {
  const turns: { user: string[]; assistant: string[] }[] = [];
  for (const { kind, text } of history) {
    if (kind !== 'user' && kind !== 'assistant') continue;
    let turn = turns.at(-1);
    if (!turn || (kind === 'user' && turn.assistant.length > 0)) turns.push((turn = { user: [], assistant: [] }));
    if (text) turn[kind].push(text);
  }
  return turns.map(({ user, assistant }) => ({ user: user.join('\n\n'), assistant: assistant.join('\n\n') }));
}

function flatten(messages: readonly TemplateMessage[], { labels, separator, ending }: Flattening): string {
  const texts = messages.filter(({ text }) => text).map(({ kind, text }) => `${labels[kind] ?? ''}${text}`);
  return [...texts, ...(ending ? [ending] : [])].join(separator);
}
