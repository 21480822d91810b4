import { type Attachment, attachedText, attachmentNote, type ModelInputPart, type ThreadItem } from '#chatkit';
import { detectFile, MAX_TEXT_CHARS, readText } from '#media';
import type { StoredBytes, storedData } from '#providers';
import type { ModelFile, OpenForModel, ReadForModel } from '../context/read-for-model.js';

/**
 * What all attachments of a prompt may have together, in bytes: as base64 a third more, which is still within the 32 MB that
 * Anthropic's Messages API takes in a request, the least of all.
 */
const MAX_BYTES = 20 * 1024 * 1024;

/** An attachment as a part of the prompt. `problem`: why it is only a note, for a person to read. */
export interface AttachmentPart {
  readonly part: ModelInputPart;
  readonly problem?: string;
  /** Of a file that goes with the request, in bytes. */
  readonly size?: number;
}

/** Enough to tell what a file is, and all of a text that a model is given: no encoding needs more than four bytes for a character. */
const HEAD_BYTES = 4 * MAX_TEXT_CHARS + 4;

/**
 * The attachments of these items as a model is given them, by id. One that is missing, empty, or too much for a request becomes a
 * note: no attachment ends a turn. They are read one after another, the newest first, so that what is too much is the oldest.
 */
export async function attachmentParts(
  items: readonly ThreadItem[],
  open: OpenForModel,
  toData: ToData,
  maxBytes = MAX_BYTES,
): Promise<ReadonlyMap<string, AttachmentPart>> {
  const parts = new Map<string, AttachmentPart>();
  const attachments = items.toReversed().flatMap(attachmentsOf);
  if (attachments.length === 0) return parts;
  const read = await open(attachments.map(({ id }) => id));
  let left = maxBytes;
  for (const attachment of attachments) {
    if (parts.has(attachment.id)) continue;
    const part = left > 0 ? await partOf(attachment, { read, toData, left }) : tooMuch(attachment);
    left -= part.size ?? (part.part.type === 'text' ? part.part.text.length : 0);
    parts.set(attachment.id, part);
  }
  return parts;
}

type ToData = (file: StoredBytes) => ReturnType<typeof storedData>;

interface Reading {
  readonly read: ReadForModel;
  readonly toData: ToData;
  /** Bytes that further files may have. */
  readonly left: number;
}

const attachmentsOf = (item: ThreadItem): readonly Attachment[] =>
  item.type === 'user_message' ? item.attachments : [];

const partOf = ({ id, name }: Attachment, { read, ...reading }: Reading): Promise<AttachmentPart> =>
  read(id, HEAD_BYTES, (file) => partOfFile(name, file, reading));

async function partOfFile(
  name: string,
  file: ModelFile,
  { toData, left }: Omit<Reading, 'read'>,
): Promise<AttachmentPart> {
  if (file === 'deleted') return note(name, 'is no longer available');
  if (file === 'not_uploaded') return note(name, 'was not uploaded');
  const { size, mimeType, head } = file;
  if (size === 0) return note(name, 'is empty');
  const detected = await detectFile(head, mimeType);
  if (detected.kind === 'text') return { part: textPart(name, head, detected.encoding, size) };
  if (size > left) return tooMuch({ name });
  const { kind, mediaType } = detected;
  return { part: { type: kind === 'picture' ? 'image' : 'file', mediaType, data: toData(file), name }, size };
}

function textPart(name: string, head: Uint8Array, encoding: string, size: number): ModelInputPart {
  const { text, isCut } = readText(head, encoding);
  const whole = attachedText(name, text);
  return (isCut || size > head.length) && whole.type === 'text'
    ? { ...whole, text: `${whole.text}\n[The file is longer: its end is missing here.]` }
    : whole;
}

const tooMuch = ({ name }: Pick<Attachment, 'name'>): AttachmentPart =>
  note(name, 'was left out: the attachments of this conversation are too much for one request');

const note = (name: string, problem: string): AttachmentPart => ({ part: attachmentNote(name, problem), problem });
