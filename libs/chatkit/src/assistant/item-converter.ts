import type { Attachment } from '../protocol/attachment.js';
import type { ItemOf, ItemType, ThreadItem } from '../protocol/item.js';
import type { Task } from '../protocol/task.js';
import type { UserContentPart } from '../protocol/user-input.js';
import { withoutNulls } from '../protocol/without-nulls.js';
import type { Awaitable } from './awaitable.js';
import { type ModelInputPart, type ModelMessage, userText } from './model-input.js';

type Tag = Extract<UserContentPart, { type: 'input_tag' }>;
type Messages = Awaitable<readonly ModelMessage[]>;

/** What a conversion can use besides the item. */
export interface ConversionContext {
  /** Whether the item is the newest one of the prompt. */
  readonly isLast: boolean;
  /** The converter in force, with its replaced hooks. */
  readonly converter: ItemConverter;
  /** The bytes of an uploaded attachment. Throws `attachment.not_found` when there are none; `userMessage` catches that. */
  readonly readAttachment: (attachmentId: string) => Promise<Uint8Array>;
}

/** How stored items become model input [MI-1]; each method can be replaced on its own. */
export interface ItemConverter {
  userMessage(item: ItemOf<'user_message'>, context: ConversionContext): Messages;
  attachment(attachment: Attachment, context: ConversionContext): Awaitable<ModelInputPart>;
  tag(tag: Tag, context: ConversionContext): Awaitable<ModelInputPart>;
  quotedText(text: string): Messages;
  assistantMessage(item: ItemOf<'assistant_message'>): Messages;
  clientToolCall(item: ItemOf<'client_tool_call'>): Messages;
  widget(item: ItemOf<'widget'>): Messages;
  generatedImage(item: ItemOf<'generated_image'>): Messages;
  structuredInput(item: ItemOf<'structured_input'>): Messages;
  workflow(item: ItemOf<'workflow'>): Messages;
  task(item: ItemOf<'task'>): Messages;
  hiddenContext(item: ItemOf<'hidden_context_item' | 'sdk_hidden_context'>): Messages;
  endOfTurn(item: ItemOf<'end_of_turn'>): Messages;
}

// A total record: a new kind of item does not compile until it has a hook that turns it into model input.
const HOOKS: Record<ItemType, keyof Omit<ItemConverter, 'attachment' | 'tag' | 'quotedText'>> = {
  user_message: 'userMessage',
  assistant_message: 'assistantMessage',
  client_tool_call: 'clientToolCall',
  widget: 'widget',
  generated_image: 'generatedImage',
  structured_input: 'structuredInput',
  workflow: 'workflow',
  task: 'task',
  hidden_context_item: 'hiddenContext',
  sdk_hidden_context: 'hiddenContext',
  end_of_turn: 'endOfTurn',
};

/** The messages for the model, oldest first [MI-1]. */
export async function toModelInput(
  items: readonly ThreadItem[],
  hooks: Partial<ItemConverter>,
  readAttachment: ConversionContext['readAttachment'],
): Promise<ModelMessage[]> {
  const converter: ItemConverter = { ...defaultConverter, ...hooks };
  const last = items.at(-1);
  const messages: ModelMessage[] = [];
  for (const item of items) {
    const convert = converter[HOOKS[item.type]] as (item: ThreadItem, context: ConversionContext) => Messages;
    messages.push(...(await convert.call(converter, item, { isLast: item === last, converter, readAttachment })));
  }
  return messages;
}

/** The default for each kind of item: [MI-2] to [MI-11]. */
export const defaultConverter: ItemConverter = {
  /** [MI-2] to [MI-5]: what was written and attached; then the quote, of the newest item only; then the tags. */
  async userMessage(item, context) {
    const text = item.content.map((part) => (part.type === 'input_tag' ? `@${part.text}` : part.text)).join('');
    const attached: ModelInputPart[] = [];
    for (const attachment of item.attachments) attached.push(await attachmentPart(attachment, context));
    // Many servers refuse an empty text beside a picture.
    const isLeftOut = text.trim() === '' && attached.length > 0;
    const content: ModelInputPart[] = [...(isLeftOut ? [] : [{ type: 'text' as const, text }]), ...attached];
    const quoted = item.quoted_text && context.isLast ? await context.converter.quotedText(item.quoted_text) : [];
    return [{ role: 'user', content }, ...quoted, ...(await mentions(item.content, context))];
  },

  /** [MI-3]: pictures as pictures, text as text, the rest as files, by their declared types. A worker's own is by bytes. */
  async attachment({ id, name, mime_type: mediaType, type }, { readAttachment }) {
    const bytes = Buffer.from(await readAttachment(id));
    if (isText(mediaType)) {
      return attachedText(name, bytes.toString('utf8'));
    }
    const data = { type: 'base64', data: bytes.toString('base64') } as const;
    return type === 'image' ? { type, mediaType, data } : { type, mediaType, data, name };
  },

  tag: ({ text, group }) => ({ type: 'text', text: group ? `- ${text} (${group})` : `- ${text}` }),

  /** [MI-4] */
  quotedText: (text) => [userText(`The user is referring to this in particular:\n${text}`)],

  assistantMessage(item) {
    const parts = item.content.filter(({ text }) => text !== '').map(({ text }) => ({ type: 'text', text }) as const);
    return parts.length > 0 ? [{ role: 'assistant', content: parts }] : [];
  },

  /** [MI-9]: a call that the page has not answered yet is left out [TC-7]. */
  clientToolCall({ status, call_id: callId, name, arguments: args, output }) {
    if (status === 'pending') return [];
    return [
      { role: 'assistant', content: [{ type: 'tool-call', callId, name, arguments: JSON.stringify(args) }] },
      { role: 'tool', content: [{ type: 'tool-result', callId, name, output: JSON.stringify(output ?? null) }] },
    ];
  },

  /** [MI-6] */
  widget: ({ id, widget }) => [
    userText(`The following widget (id: ${id}) was shown to the user:\n${JSON.stringify(withoutNulls(widget))}`),
  ],

  /** [MI-11] */
  generatedImage({ image }) {
    if (!image) return [];
    const text = 'The following image was made by the assistant:';
    return [{ role: 'user', content: [{ type: 'text', text }, imagePart(image.url)] }];
  },

  /** [MI-10] */
  structuredInput({ status, inputs }) {
    const lines = inputs.map(({ question, answer }) => {
      if (!answer) return `- ${question}: unanswered`;
      return `- ${question}: ${answer.skipped ? 'skipped' : answer.values.join(', ')}`;
    });
    return [
      userText(`A form for the user, status ${status}:\n<StructuredInput>\n${lines.join('\n')}\n</StructuredInput>`),
    ];
  },

  /** [MI-7] */
  workflow: ({ workflow }) => workflow.tasks.flatMap(taskMessages),

  task: ({ task }) => taskMessages(task),

  /** [MI-8]: the user's role, since many models refuse a system message in mid-conversation. */
  hiddenContext({ content }) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return [
      userText(
        `Hidden context for the model, which the user does not see:\n<HiddenContext>\n${text}\n</HiddenContext>`,
      ),
    ];
  },

  endOfTurn: () => [],
};

/** An attachment that was deleted, or never uploaded, must not end every later turn of its thread. */
async function attachmentPart(attachment: Attachment, context: ConversionContext): Promise<ModelInputPart> {
  try {
    return await context.converter.attachment(attachment, context);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return attachmentNote(attachment.name, 'is no longer available');
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'attachment.not_found';

/** Stands in the model's input for an attachment that it is not given. */
export const attachmentNote = (name: string, why: string): ModelInputPart => ({
  type: 'text',
  text: `[attachment ${name} ${why}]`,
});

/** A text file as a part of the model's input. */
export const attachedText = (name: string, text: string): ModelInputPart => ({
  type: 'text',
  text: `The attached file ${name}:\n<Attachment>\n${text}\n</Attachment>`,
});

async function mentions(content: readonly UserContentPart[], context: ConversionContext): Promise<ModelMessage[]> {
  const tags = content.filter((part) => part.type === 'input_tag');
  const distinct = tags.filter((tag, index) => tags.findIndex(({ text }) => text === tag.text) === index);
  if (distinct.length === 0) return [];
  const text = 'The user mentioned these by name. Use plain names, do not repeat the "@":';
  const parts: ModelInputPart[] = [{ type: 'text', text }];
  for (const tag of distinct) parts.push(await context.converter.tag(tag, context));
  return [{ role: 'user', content: parts }];
}

function taskMessages(task: Task): ModelMessage[] {
  if (task.type !== 'custom') return [];
  const text = [task.title, task.content].filter(Boolean).join(': ');
  return text === '' ? [] : [userText(`A step that was shown to the user:\n<Task>\n${text}\n</Task>`)];
}

function imagePart(url: string): ModelInputPart {
  const [, mediaType = 'image/png', data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  if (data !== undefined) return { type: 'image', mediaType, data: { type: 'base64', data } };
  return { type: 'image', mediaType: 'image/*', data: { type: 'url', url } };
}

const isText = (mediaType: string): boolean =>
  mediaType.startsWith('text/') || ['application/json', 'application/xml', 'application/yaml'].includes(mediaType);
