import { type Attachment, attachedText, attachmentNote, type ModelInputPart, type ThreadItem } from '#chatkit';
import { detectFile, readText } from '#media';
import type { ReadForModel } from '../context/read-for-model.js';

/**
 * What all attachments of a prompt may have together, in bytes: as base64 a third more, which is still within the 32 MB that
 * Anthropic's Messages API takes in a request, the least of all.
 */
const MAX_BYTES = 20 * 1024 * 1024;

/** An attachment as a part of the prompt. `problem`: why it is only a note, for a person to read. */
export interface AttachmentPart {
  readonly part: ModelInputPart;
  readonly problem?: string;
}

/**
 * The attachments of these items as a model is given them, by id. One that is missing, empty, or too much for a request becomes a
 * note: no attachment ends a turn. They are read one after another, the newest first, so that what is too much is the oldest.
 */
export async function attachmentParts(
  items: readonly ThreadItem[],
  read: ReadForModel,
  maxBytes = MAX_BYTES,
): Promise<ReadonlyMap<string, AttachmentPart>> {
  const parts = new Map<string, AttachmentPart>();
  let left = maxBytes;
  for (const attachment of items.toReversed().flatMap(attachmentsOf)) {
    if (parts.has(attachment.id)) continue;
    const part = left > 0 ? await partOf(attachment, read, left) : tooMuch(attachment);
    left -= part.part.type === 'text' ? part.part.text.length : bytesOf(part.part.data);
    parts.set(attachment.id, part);
  }
  return parts;
}

const attachmentsOf = (item: ThreadItem): readonly Attachment[] =>
  item.type === 'user_message' ? item.attachments : [];

const bytesOf = (data: { readonly type: string; readonly data?: string }): number => ((data.data?.length ?? 0) * 3) / 4;

async function partOf({ id, name }: Attachment, read: ReadForModel, left: number): Promise<AttachmentPart> {
  const file = await read(id);
  if (file === 'deleted') return note(name, 'is no longer available');
  if (file === 'not_uploaded') return note(name, 'was not uploaded');
  const { bytes, mimeType } = file;
  if (bytes.length === 0) return note(name, 'is empty');
  const detected = await detectFile(bytes, mimeType);
  if (detected.kind === 'text') return { part: textPart(name, bytes, detected.encoding) };
  if (bytes.length > left) return tooMuch({ name });
  const data = { type: 'base64', data: bytes.toString('base64') } as const;
  const { kind, mediaType } = detected;
  return { part: { type: kind === 'picture' ? 'image' : 'file', mediaType, data, name } };
}

function textPart(name: string, bytes: Uint8Array, encoding: string): ModelInputPart {
  const { text, isCut } = readText(bytes, encoding);
  const whole = attachedText(name, text);
  return isCut && whole.type === 'text'
    ? { ...whole, text: `${whole.text}\n[The file is longer: its end is missing here.]` }
    : whole;
}

const tooMuch = ({ name }: Pick<Attachment, 'name'>): AttachmentPart =>
  note(name, 'was left out: the attachments of this conversation are too much for one request');

const note = (name: string, problem: string): AttachmentPart => ({ part: attachmentNote(name, problem), problem });
