import { MediaError } from './media-error.js';

/** Pixels as red, green, blue and alpha, a byte each, row by row. */
export interface RawPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The first picture of an HEIC file, upright. Blocks its thread: half a second for 12 million pixels. The caller has checked
 * the number of pixels.
 * @throws MediaError for a damaged file
 */
export async function decodeHeic(bytes: Uint8Array): Promise<RawPixels> {
  const { default: libheif } = await import('libheif-js/wasm-bundle.js');
  await libheif.ready;
  const images = new libheif.HeifDecoder().decode(bytes);
  try {
    const [image] = images;
    if (!image) throw damaged();
    const [width, height] = [image.get_width(), image.get_height()];
    const data = new Uint8ClampedArray(width * height * 4);
    const isRead = await new Promise((resolve) => image.display({ data, width, height }, resolve));
    if (!isRead) throw damaged();
    return { width, height, data: new Uint8Array(data.buffer) };
  } finally {
    for (const image of images) image.free();
  }
}

const damaged = (): MediaError =>
  new MediaError(
    'unreadable',
    'The picture cannot be read as HEIC: it is damaged, or not complete. Save it again as JPEG and attach that.',
  );
