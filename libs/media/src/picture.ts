import { fit, type FitOptions, metadataOf, type Picture, type PictureLimits, SVG } from './decode-picture.js';
import { detectFile } from './detect-file.js';
import { readInProcess } from './own-process.js';

/** More are decoded in a process of their own, where its memory ends with it: most cameras of telephones make 12 million. */
const MAX_PIXELS_HERE = 13_000_000;
const MB = 1024 * 1024;

/**
 * What every vendor takes, also in requests with many pictures: Anthropic takes 2000 pixels where there are more than 20
 * (https://platform.claude.com/docs/en/build-with-claude/vision), xAI JPEG and PNG only
 * (https://docs.x.ai/developers/model-capabilities/images/understanding), Groq 4 MB of base64.
 */
export const EVERY_MODEL: PictureLimits = { types: ['image/jpeg', 'image/png'], maxBytes: 2 * MB, maxEdge: 2000 };

/**
 * A picture as it is, if it is within the limits; else converted to JPEG or PNG, upright, in sRGB, without metadata, as large
 * as the limits allow. Of several frames or pages it is the first.
 * @throws MediaError for what is no picture, or none that can be read, or has too many pixels
 */
export async function fitPicture(bytes: Uint8Array, limits: PictureLimits, options: FitOptions = {}): Promise<Picture> {
  const { kind, mediaType } = await detectFile(bytes);
  // A drawing's work is not bounded by its pixels, and nothing interrupts it.
  if (mediaType === SVG) return (await readInProcess({ name: 'svg', bytes, limits, options })) as Picture;
  const metadata = await metadataOf(bytes, kind, mediaType);
  if (metadata.width * metadata.height <= MAX_PIXELS_HERE) return fit({ bytes, mediaType, metadata }, limits, options);
  return (await readInProcess({ name: 'largePicture', bytes, limits, options })) as Picture;
}
