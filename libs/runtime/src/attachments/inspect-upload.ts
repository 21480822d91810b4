import {
  atMost,
  baseType,
  countPages,
  detectFile,
  EVERY_MODEL,
  fitPicture,
  MediaError,
  type MediaErrorCode,
  oneForEach,
  type PictureLimits,
} from '#media';
import { AppError, type AppErrorCode } from '../errors/app-error.js';
import type { Renditions, StagedFile } from './attachment-files.js';
import type { FileFacts } from './file-facts.js';
import { fileName } from './file-name.js';

/** What an uploaded file is. */
export interface InspectedUpload {
  /** By its bytes. */
  readonly mimeType: string;
  /** `model`: for a picture that not every model takes as it is; `preview`: for one that pages do not show, or that is large. */
  readonly renditions: Renditions;
}

/**
 * What pages show of a picture, in a composer or a message: every browser shows these types. 512 pixels are sharp in 256 on
 * screens of two pixels to one.
 */
const PREVIEW: PictureLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif'],
  maxBytes: 256 * 1024,
  maxEdge: 512,
};

const CODES: Record<MediaErrorCode, AppErrorCode> = {
  unsupported: 'attachment.unsupported',
  unreadable: 'attachment.unreadable',
  too_large: 'attachment.too_large',
};

/**
 * Finds out what a file is, and whether a model can be given it, while the person who attaches it can still do something about
 * it. Files of unknown types are accepted: a model that takes no such file is told of it. Only pictures and PDFs are read whole, one of a
 * user at a time; `user` is unique over all tenants.
 * @throws AppError `attachment.unsupported`, `attachment.unreadable` or `attachment.too_large`; the message is for the person
 */
export async function inspectUpload(
  file: Pick<StagedFile, 'head' | 'read'>,
  { name, mimeType }: FileFacts,
  user: string,
): Promise<InspectedUpload> {
  try {
    return await inspect(file, mimeType, user);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    throw new AppError(CODES[error.code], `${fileName(name)}: ${error.message}`);
  }
}

/** What browsers show, so that a person sees that a picture of these types is damaged. */
const SHOWN_BY_BROWSERS: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Bytes of pictures and documents are in memory while they are decoded … */
const fewAtOnce = atMost(4);
/** … and a user whose files take long waits for them, not everybody else. */
const byUser = oneForEach();

async function inspect(
  file: Pick<StagedFile, 'head' | 'read'>,
  declared: string,
  user: string,
): Promise<InspectedUpload> {
  const whole = <Result>(look: (bytes: Buffer) => Promise<Result>): Promise<Result> =>
    byUser(user, () => fewAtOnce(async () => look(await file.read())));
  const { kind, mediaType } = await detectFile(file.head, declared);
  if (kind === 'picture' || baseType(declared).startsWith('image/')) {
    const shown = kind === 'picture' ? mediaType : undefined;
    return { mimeType: mediaType, renditions: await whole((bytes) => renditionsOf(bytes, shown)) };
  }
  if (kind === 'pdf') await whole(countPages);
  return { mimeType: mediaType, renditions: {} };
}

/**
 * The picture as every model takes it and as every browser shows it, where it is not one already. A damaged picture is accepted
 * without them, if its bytes are of a type that browsers show: the turn gets a note in its place, and the person a notice.
 */
async function renditionsOf(bytes: Uint8Array, mediaType: string | undefined): Promise<Renditions> {
  try {
    const model = await fitPicture(bytes, EVERY_MODEL, { verify: true });
    // Of what models get, since that is decoded in a fraction of the time.
    const preview = await fitPicture(model.bytes, PREVIEW);
    return {
      ...(model.bytes !== bytes && { model }),
      ...(preview.bytes !== model.bytes && { preview }),
    };
  } catch (error) {
    const isShown = mediaType !== undefined && SHOWN_BY_BROWSERS.has(mediaType);
    if (error instanceof MediaError && error.code === 'unreadable' && isShown) return {};
    throw error;
  }
}
