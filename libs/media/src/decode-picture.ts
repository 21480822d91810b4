import type { Metadata, Sharp, SharpInput, SharpOptions } from 'sharp';
import { atMost } from './at-most.js';
import { detectFile } from './detect-file.js';
import { MediaError } from './media-error.js';
import { readInThread } from './own-thread.js';

/** What pictures somebody takes. */
export interface PictureLimits {
  /** Media types. `image/jpeg` or `image/png` is among them. */
  readonly types: readonly string[];
  readonly maxBytes: number;
  /** Width and height, in pixels. */
  readonly maxEdge: number;
}

/** A picture with its type by its bytes. */
export interface Picture {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** The most pixels that are decoded, of any picture: the cameras of telephones make 50 million. */
export const MAX_PIXELS = 64_000_000;
/** Seconds for one picture: ten times what the largest takes on a machine that does nothing else. */
const DECODE_SECONDS = 60;

const HEIF = new Set(['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence']);
const LOSSLESS = new Set(['image/png', 'image/gif', 'image/svg+xml']);
const READABLE = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/tiff',
  'image/svg+xml',
  ...HEIF,
]);

/** Each takes up to a hundred megabytes while it is decoded. */
const oneAtATime = atMost(1);

/** How a picture is looked at. */
export interface FitOptions {
  /** Decodes a picture that is within the limits, too, to find out whether it is damaged. */
  readonly verify?: boolean;
}

export const SVG = 'image/svg+xml';

/** As `fitPicture`, but in this process, however large it is. Throws {@link MediaError}. */
export async function fitPictureHere(bytes: Uint8Array, limits: PictureLimits, options: FitOptions): Promise<Picture> {
  const { kind, mediaType } = await detectFile(bytes);
  return fit({ bytes, mediaType, metadata: await metadataOf(bytes, kind, mediaType) }, limits, options);
}

/** Reads the head alone. Throws `MediaError` for what is not decoded. */
export async function metadataOf(bytes: Uint8Array, kind: string, mediaType: string): Promise<Metadata> {
  if (kind !== 'picture') throw new MediaError('unreadable', 'This is not a picture. Attach a PNG or JPEG file.');
  if (!READABLE.has(mediaType)) throw unsupported(mediaType);
  const metadata = await readable(mediaType, async () => (await open(bytes, { limitInputPixels: false })).metadata());
  assertPixels(metadata);
  return metadata;
}

interface Source extends Picture {
  readonly metadata: Metadata;
}

/** Throws `MediaError` for what is damaged, or cannot be made small enough. */
export async function fit(source: Source, limits: PictureLimits, { verify = false }: FitOptions): Promise<Picture> {
  const { bytes, mediaType, metadata } = source;
  if (isWithin(limits, source)) {
    if (verify) await oneAtATime(() => readable(mediaType, async () => (await open(bytes)).stats()));
    return { mediaType, bytes };
  }
  return oneAtATime(() => readable(mediaType, () => convert(bytes, mediaType, metadata, limits)));
}

function isWithin({ types, maxBytes, maxEdge }: PictureLimits, { bytes, mediaType, metadata }: Source): boolean {
  const { width, height, orientation = 1, pages = 1 } = metadata;
  const isStill = pages === 1 || mediaType === 'image/gif';
  return (
    types.includes(mediaType) &&
    bytes.length <= maxBytes &&
    Math.max(width, height) <= maxEdge &&
    orientation === 1 &&
    isStill
  );
}

function assertPixels({ width, height }: Metadata): void {
  if (width * height <= MAX_PIXELS) return;
  const most = `at most ${MAX_PIXELS / 1e6} million pixels are allowed`;
  throw new MediaError(
    'too_large',
    `The picture has ${width} × ${height} pixels; ${most}. Make it smaller and attach it again.`,
  );
}

async function convert(
  bytes: Uint8Array,
  mediaType: string,
  metadata: Metadata,
  limits: PictureLimits,
): Promise<Picture> {
  const source = await sourceOf(bytes, mediaType, metadata, limits);
  const isLossless = metadata.hasAlpha || LOSSLESS.has(mediaType);
  for (let edge = limits.maxEdge, quality = 85; edge >= 64; edge = Math.floor(edge * 0.7), quality = 75) {
    const picture = await encode(source(edge), limits, { isLossless, quality });
    if (picture.bytes.length <= limits.maxBytes) return picture;
  }
  throw new MediaError('too_large', 'The picture cannot be made small enough. Attach a smaller one.');
}

/** Decodes the picture anew for every size: large pictures are never held decoded. */
async function sourceOf(
  bytes: Uint8Array,
  mediaType: string,
  metadata: Metadata,
  { maxEdge }: PictureLimits,
): Promise<(edge: number) => Sharp> {
  const sharp = await loadSharp();
  const resized = (input: SharpInput, options: SharpOptions) => (edge: number) =>
    sharp(input, { ...INPUT, ...options })
      .timeout({ seconds: DECODE_SECONDS })
      .autoOrient()
      .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true });
  if (HEIF.has(mediaType) && metadata.compression !== 'av1') {
    const { data, width, height } = await readInThread('heic', bytes);
    return resized(data, { raw: { width, height, channels: 4 } });
  }
  return resized(bytes, mediaType === SVG ? { density: densityOf(metadata, maxEdge) } : {});
}

/** In dots per inch; what the renderer takes. */
const MAX_DENSITY = 20_000;

/** A drawing has no size of its own: a small one is drawn larger, so that a model sees more than an icon. */
function densityOf({ width, height, density = 72 }: Metadata, maxEdge: number): number {
  const wanted = Math.min(1024, maxEdge) / Math.max(width, height, 1);
  return Math.min(MAX_DENSITY, Math.max(1, Math.round(density * Math.max(1, wanted))));
}

/** PNG for what may be transparent, and for drawings and screenshots, where that is small enough; else JPEG. */
async function encode(
  source: Sharp,
  { types, maxBytes }: PictureLimits,
  { isLossless, quality }: { readonly isLossless: boolean; readonly quality: number },
): Promise<Picture> {
  const takesJpeg = types.includes('image/jpeg');
  if (types.includes('image/png') && (isLossless || !takesJpeg)) {
    const bytes = await source.clone().png().toBuffer();
    if (bytes.length <= maxBytes || !takesJpeg) return { mediaType: 'image/png', bytes };
  }
  return { mediaType: 'image/jpeg', bytes: await source.flatten({ background: '#fff' }).jpeg({ quality }).toBuffer() };
}

const INPUT = { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true } as const;

async function open(bytes: Uint8Array, options: SharpOptions = {}): Promise<Sharp> {
  return (await loadSharp())(bytes, { ...INPUT, ...options }).timeout({ seconds: DECODE_SECONDS });
}

/** Loaded at the first picture. One thread and no cache: memory counts more here than time. */
async function loadSharp() {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

/** Whatever the decoders say of a damaged picture becomes one error. */
async function readable<Result>(mediaType: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof MediaError) throw cause;
    const message = `The picture cannot be read as ${nameOf(mediaType)}: it is damaged, or not complete. Save it again as PNG or JPEG and attach that.`;
    throw new MediaError('unreadable', message, { cause });
  }
}

const unsupported = (mediaType: string): MediaError =>
  new MediaError(
    'unsupported',
    `Models take no ${nameOf(mediaType)} pictures. Save it as PNG or JPEG and attach that.`,
  );

/** `image/vnd.adobe.photoshop` as people know it. */
const nameOf = (mediaType: string): string =>
  NAMES[mediaType] ??
  mediaType
    .replace(/^image\/(x-|vnd\.)?/, '')
    .replace(/\+xml$/, '')
    .toUpperCase();
const NAMES: Readonly<Record<string, string>> = {
  'image/vnd.adobe.photoshop': 'Photoshop',
  'image/x-icon': 'icon (ICO)',
};
