import { baseType, detectFile, EVERY_MODEL, fitPicture, MediaError, type MediaErrorCode, readInThread } from '#media';
import { AppError, type AppErrorCode } from '../errors/app-error.js';
import type { FileFacts } from './file-facts.js';
import { fileName } from './file-name.js';

/** What an uploaded file is. */
export interface InspectedUpload {
  /** By its bytes. */
  readonly mimeType: string;
  /** What models are given instead of the bytes: a picture that not every model takes as it is. */
  readonly rendition?: Uint8Array;
}

const CODES: Record<MediaErrorCode, AppErrorCode> = {
  unsupported: 'attachment.unsupported',
  unreadable: 'attachment.unreadable',
  too_large: 'attachment.too_large',
};

/**
 * Finds out what a file is, and whether a model can be given it, while the person who attaches it can still do something about
 * it. Files of unknown types are accepted: a model that takes no such file is told of it.
 * @throws AppError `attachment.unsupported`, `attachment.unreadable` or `attachment.too_large`; the message is for the person
 */
export async function inspectUpload(bytes: Uint8Array, { name, mimeType }: FileFacts): Promise<InspectedUpload> {
  try {
    return await inspect(bytes, mimeType);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    throw new AppError(CODES[error.code], `${fileName(name)}: ${error.message}`);
  }
}

/** What browsers show, so that a person sees that a picture of these types is damaged. */
const SHOWN_BY_BROWSERS: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

async function inspect(bytes: Uint8Array, declared: string): Promise<InspectedUpload> {
  const { kind, mediaType } = await detectFile(bytes, declared);
  if (kind === 'picture' || baseType(declared).startsWith('image/')) {
    const rendition = await renditionOf(bytes, kind === 'picture' ? mediaType : undefined);
    return { mimeType: mediaType, ...(rendition && { rendition }) };
  }
  if (kind === 'pdf') await readInThread('pdfPages', bytes);
  return { mimeType: mediaType };
}

/**
 * The picture as every model takes it, where it is not one already. A damaged picture is accepted without one, if its bytes are of a
 * type that browsers show: the turn gets a note in its place, and the person a notice.
 */
async function renditionOf(bytes: Uint8Array, mediaType: string | undefined): Promise<Uint8Array | undefined> {
  try {
    const picture = await fitPicture(bytes, EVERY_MODEL, { verify: true });
    return picture.bytes === bytes ? undefined : picture.bytes;
  } catch (error) {
    const isShown = mediaType !== undefined && SHOWN_BY_BROWSERS.has(mediaType);
    if (error instanceof MediaError && error.code === 'unreadable' && isShown) return undefined;
    throw error;
  }
}
