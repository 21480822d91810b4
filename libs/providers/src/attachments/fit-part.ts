import {
  type DetectedFile,
  detectFile,
  fitPicture,
  MediaError,
  oneForEach,
  type PdfContent,
  type Picture,
  readDocument,
  countPages,
  readText,
} from '#media';
import { storedIn, wholeOf } from '../http/stored-bytes.js';
import { unlessAborted } from '../timing/unless-aborted.js';
import { UNSEEN_PICTURE } from '../spec/unseen-picture.js';
import type { FilePart, ImagePart, TextPart, UserMessage } from '../spec/prompt.js';
import type { AcceptedFiles } from './accepted-files.js';
import { ConversionCache } from './conversion-cache.js';

/** A part of a prompt as a model takes it; `lost`: what of it the model does not get, for the person who attached it. */
export interface FittedPart {
  readonly part: UserMessage['content'][number];
  readonly lost?: string;
  /** Only its type is another than was said. */
  readonly isSameFile?: true;
}

type Base64 = { readonly type: 'base64'; readonly data: string };
type WithBytes<Part> = Part & { readonly data: Base64 };

/** What the model takes. `sees`: whether it sees pictures. */
export interface Recipient {
  /** Null: everything as it is. */
  readonly accepted: AcceptedFiles | null;
  readonly sees: boolean;
  /** For whom; absent: nobody who could be told from others. */
  readonly caller?: string | undefined;
}

type Taking = Recipient & { readonly accepted: AcceptedFiles };

/**
 * A picture or file as the model takes it: as it is, converted, as text, or as a note in its place. Never throws for what is
 * wrong with a file: one that is damaged must not end its thread. @throws `signal.reason` once aborted
 */
export async function fitPart(
  part: ImagePart | FilePart,
  { accepted, sees, caller }: Recipient,
  signal: AbortSignal,
): Promise<FittedPart> {
  const { data } = part;
  if (part.type === 'image' && !sees) return unseen();
  if (!accepted) return { part };
  if (data.type === 'url') return fitUrl(part, accepted);
  const key = `${JSON.stringify(accepted)} ${part.type} ${part.mediaType} ${part.name ?? ''} ${sees}`;
  const stored = storedIn(data.data);
  const bytesOf = () => (stored ? wholeOf(stored) : Promise.resolve(Buffer.from(data.data, 'base64')));
  const fit = async () => {
    const release = await stored?.toRead(stored.size * WHILE_READ);
    try {
      return await fitBytes({ ...part, data }, await bytesOf(), { accepted, sees });
    } finally {
      release?.();
    }
  };
  const fitting = fittedParts.get(key, stored?.key ?? data.data, () =>
    caller === undefined ? fit() : byCaller(caller, fit),
  );
  // Others may wait for the same conversion: it goes on without this call.
  const fitted = await unlessAborted(signal, fitting);
  // What is not converted is not held.
  if (fitted === 'as_it_is') return { part };
  // Another prompt has its own data for the same file.
  return fitted.isSameFile && fitted.part.type !== 'text' ? { part: { ...fitted.part, data } } : fitted;
}

/** There are few places for reading files: those of one caller take one of them. */
const byCaller = oneForEach();

/** Copies of a file in memory while it is read: itself, and those of a thread and its reader. */
const WHILE_READ = 3;

const fittedParts = new ConversionCache<FittedPart | 'as_it_is'>((fitted) => {
  if (fitted === 'as_it_is') return 0;
  const { part } = fitted;
  if (part.type === 'text') return part.text.length;
  return part.data.type === 'base64' ? part.data.data.length : 0;
});

function fitUrl(part: ImagePart | FilePart, { files }: AcceptedFiles): FittedPart {
  if (part.type === 'image' || files.includes(part.mediaType)) return { part };
  return leftOut(nameOf(part), `is a file by URL of the type ${part.mediaType}, which this model does not take`);
}

async function fitBytes(
  part: WithBytes<ImagePart | FilePart>,
  bytes: Buffer,
  recipient: Taking,
): Promise<FittedPart | 'as_it_is'> {
  if (bytes.length === 0) return leftOut(nameOf(part), 'is empty');
  try {
    const detected = await detectFile(bytes, part.mediaType);
    if (part.type === 'image' || detected.kind === 'picture') return await fitImage(part, bytes, recipient);
    return await fitFile(part, bytes, detected, recipient);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return leftOut(nameOf(part), `could not be read: ${error.message}`);
  }
}

async function fitImage(
  part: WithBytes<ImagePart | FilePart>,
  bytes: Uint8Array,
  { accepted, sees }: Taking,
): Promise<FittedPart | 'as_it_is'> {
  if (!sees) return unseen();
  const picture = await fittedPicture(part, bytes, accepted);
  const { mediaType } = picture;
  if (picture.bytes === bytes && part.type === 'image' && part.mediaType === mediaType) return 'as_it_is';
  if (picture.bytes === bytes) return { part: { type: 'image', mediaType, data: part.data }, isSameFile: true };
  const data = Buffer.from(picture.bytes).toString('base64');
  return { part: { type: 'image', mediaType, data: { type: 'base64', data } } };
}

/**
 * A picture that no person attached (a caller of `/v1` sent it, or a model made it) and that cannot be read here goes on as it is, if the
 * server takes its type: it may know better, and who sent it gets its answer.
 */
async function fittedPicture(
  { mediaType, name }: WithBytes<ImagePart | FilePart>,
  bytes: Uint8Array,
  { pictures }: AcceptedFiles,
): Promise<Picture> {
  try {
    return await fitPicture(bytes, pictures);
  } catch (error) {
    const mayGo = name === undefined && pictures.types.includes(mediaType) && bytes.length <= pictures.maxBytes;
    if (error instanceof MediaError && error.code === 'unreadable' && mayGo) return { mediaType, bytes };
    throw error;
  }
}

async function fitFile(
  part: WithBytes<FilePart>,
  bytes: Uint8Array,
  detected: Exclude<DetectedFile, { kind: 'picture' }>,
  { accepted }: Taking,
): Promise<FittedPart | 'as_it_is'> {
  const name = nameOf(part);
  switch (detected.kind) {
    case 'pdf': {
      const isTaken = accepted.files.includes(detected.mediaType) && (await hasFewPages(bytes, accepted.maxPdfPages));
      if (isTaken)
        return part.mediaType === detected.mediaType
          ? 'as_it_is'
          : { part: { ...part, mediaType: detected.mediaType }, isSameFile: true };
      return { part: pdfAsText(name, await readDocument(bytes)) };
    }
    case 'text': {
      if (accepted.files.includes('text/*')) return 'as_it_is';
      const { text, isCut } = readText(bytes, detected.encoding);
      return { part: asText(name, text, isCut ? ['The file is longer: its end is missing here.'] : []) };
    }
    case 'other':
      if (accepted.files.includes(detected.mediaType)) return 'as_it_is';
      return leftOut(name, `is a file of the type ${detected.mediaType}, which this model cannot read`);
    default:
      return detected satisfies never;
  }
}

/**
 * Counted also where every length is taken: that fails for one that is damaged or has a password, which a server would refuse with its
 * whole conversation at each turn.
 */
async function hasFewPages(bytes: Uint8Array, most = Infinity): Promise<boolean> {
  return (await countPages(bytes)) <= most;
}

/** Says what the text is not: a model that takes a scan for an empty document gives wrong answers. */
function pdfAsText(name: string, { text, pages, pagesRead, isCut }: PdfContent): TextPart {
  if (text === '')
    return note(name, `is a PDF of ${pages} pages without a text layer, a scan for example: its content is not here`);
  const notes = ['Only the text of the PDF is here, without its pictures.'];
  if (isCut) notes.push(`It has ${pages} pages; what follows page ${pagesRead}, or its end, is missing here.`);
  return asText(name, text, notes);
}

const asText = (name: string, text: string, notes: readonly string[]): TextPart => ({
  type: 'text',
  text: [`The attached file ${name}:\n<Attachment>\n${text}\n</Attachment>`, ...notes.map((line) => `[${line}]`)].join(
    '\n',
  ),
});

const nameOf = ({ name, type }: ImagePart | FilePart): string => name || (type === 'image' ? 'picture' : 'file');

const note = (name: string, why: string): TextPart => ({ type: 'text', text: `[attachment ${name} ${why}]` });

const leftOut = (name: string, why: string): FittedPart => ({
  part: note(name, why),
  lost: `${name} ${why.replace(/\.$/, '')}. The model did not get it.`,
});

/** Stands in the prompt for a picture that the model cannot see. */
const unseen = (): FittedPart => ({
  part: { type: 'text', text: UNSEEN_PICTURE },
  lost: 'The chosen model cannot see pictures.',
});
