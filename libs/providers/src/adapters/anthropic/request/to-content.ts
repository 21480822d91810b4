import type { Base64ImageSource } from '@anthropic-ai/sdk/resources/messages';
import type { FileData, FilePart, ImagePart, UserMessage } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import type { DocumentBlock, ImageBlock, TextBlock } from '../wire.js';

/** How the parts of a message are to be written. */
export interface ContentOptions {
  /** Ask for citations of the documents. Anthropic refuses that together with a structured output. */
  readonly cite: boolean;
  readonly warnings: Warning[];
}

type ImageType = Base64ImageSource['media_type'];

/** https://platform.claude.com/docs/en/build-with-claude/vision */
const IMAGES: ReadonlySet<string> = new Set<ImageType>(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
const PDF = 'application/pdf';
const TEXT = /^text\/|^application\/(.*\+)?(json|xml|yaml|x-yaml|javascript|sql)$/;

/** The blocks of what a person said; what Anthropic would refuse is left out, so that it does not spoil the whole thread. */
export function toContent(
  part: UserMessage['content'][number],
  options: ContentOptions,
): (TextBlock | ImageBlock | DocumentBlock)[] {
  switch (part.type) {
    case 'text':
      return toText(part.text);
    case 'image':
      return toImage(part, options);
    case 'file':
      return toDocument(part, options);
    default:
      return part satisfies never;
  }
}

/** Texts without a visible character are refused. */
export function toText(text: string): TextBlock[] {
  return text.trim() ? [{ type: 'text', text }] : [];
}

function toImage({ mediaType, data }: ImagePart, options: ContentOptions): ImageBlock[] {
  const type = baseType(mediaType).replace('image/jpg', 'image/jpeg');
  if (data.type === 'url') return [{ type: 'image', source: { type: 'url', url: data.url } }];
  if (!isImage(type)) return leaveOut(`images of type ${type}`, options);
  return [{ type: 'image', source: { type: 'base64', media_type: type, data: data.data } }];
}

const isImage = (type: string): type is ImageType => IMAGES.has(type);

function toDocument({ mediaType, data, name }: FilePart, { cite, ...rest }: ContentOptions): DocumentBlock[] {
  const type = baseType(mediaType);
  const about = { ...(name && { title: name }), ...(cite && { citations: { enabled: true } as const }) };
  if (type === PDF) return [{ type: 'document', source: toPdf(data), ...about }];
  if (!TEXT.test(type)) return leaveOut(`files of type ${type}`, rest);
  if (data.type === 'url') return leaveOut('text files by URL', rest);
  const text = Buffer.from(data.data, 'base64').toString('utf8');
  if (!text.trim()) return [];
  return [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...about }];
}

function toPdf(data: FileData): DocumentBlock['source'] {
  return data.type === 'url' ? { type: 'url', url: data.url } : { type: 'base64', media_type: PDF, data: data.data };
}

/** A type without its parameters: `text/plain; charset=utf-8` is `text/plain`. */
function baseType(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

function leaveOut(what: string, { warnings }: Pick<ContentOptions, 'warnings'>): [] {
  warnings.push({ code: 'unsupported_content', detail: `messages takes no ${what}` });
  return [];
}
