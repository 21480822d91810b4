import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Picture } from './decode-picture.js';
import { EVERY_MODEL, fitPicture } from './picture.js';
import { BMP, HEIC, noiseOf, pictureOf } from './testing/index.js';

const SMALL = { width: 8, height: 6 };
const facts = async ({ bytes }: Picture) => {
  const { format, width, height, orientation } = await sharp(bytes).metadata();
  return { format, width, height, orientation };
};
const colourAt = async ({ bytes }: Picture, left: number, top: number) => [
  ...(await sharp(bytes).removeAlpha().extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
];
const svg = (content: string, size = 'width="8" height="6"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`);

const verified = (bytes: Uint8Array) => fitPicture(bytes, EVERY_MODEL, { verify: true });

describe('a picture within the limits', () => {
  it.each([
    ['PNG', () => pictureOf(SMALL).png().toBuffer()],
    ['JPEG', () => pictureOf(SMALL).jpeg().toBuffer()],
  ])('stays as it is: %s', async (_, made) => {
    const bytes = await made();
    expect((await fitPicture(bytes, EVERY_MODEL, { verify: true })).bytes).toBe(bytes);
  });
});

describe('a picture that not every model takes becomes one that they take', () => {
  it.each([
    ['GIF', () => pictureOf(SMALL).gif().toBuffer()],
    ['WebP', () => pictureOf(SMALL).webp().toBuffer()],
    ['AVIF', () => pictureOf(SMALL).avif().toBuffer()],
    ['TIFF', () => pictureOf(SMALL).tiff().toBuffer()],
    ['CMYK', () => pictureOf(SMALL).toColourspace('cmyk').tiff().toBuffer()],
  ])('%s', async (_, made) => {
    const picture = await fitPicture(await made(), EVERY_MODEL);
    expect(['image/jpeg', 'image/png']).toContain(picture.mediaType);
    expect(await facts(picture)).toMatchObject(SMALL);
    const [red = 0, green = 0] = await colourAt(picture, 4, 3);
    expect(red).toBeGreaterThan(green + 60);
  });

  it('HEIC, with its colours in their places', async () => {
    const picture = await fitPicture(HEIC, EVERY_MODEL);
    expect(await facts(picture)).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
    const [[, , blue = 0], [red = 0]] = [await colourAt(picture, 8, 8), await colourAt(picture, 50, 40)];
    expect(Math.min(blue, red)).toBeGreaterThan(150);
  });

  it('SVG, drawn large enough to be seen', async () => {
    const picture = await fitPicture(svg('<rect width="8" height="6" fill="red"/>'), EVERY_MODEL);
    expect(await facts(picture)).toMatchObject({ format: 'png', width: 1024, height: 768 });
  });

  it('SVG without what it refers to outside of itself', async () => {
    const outside = svg(
      '<image href="file:///etc/hostname" width="8" height="6"/><image href="http://127.0.0.1:9/a.png" width="8" height="6"/>',
    );
    expect(await facts(await fitPicture(outside, EVERY_MODEL))).toMatchObject({ format: 'png' });
  });

  it('a photo that lies on its side is put upright', async () => {
    const lying = await pictureOf(SMALL).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await facts(await fitPicture(lying, EVERY_MODEL))).toEqual({
      format: 'jpeg',
      width: 6,
      height: 8,
      orientation: undefined,
    });
  });

  it('too wide or too high', async () => {
    const wide = await pictureOf({ width: 5000, height: 100 }).png().toBuffer();
    expect(await facts(await fitPicture(wide, EVERY_MODEL))).toMatchObject({ width: 2000, height: 40 });
  });

  it.each([
    ['PNG', () => noiseOf({ width: 1500, height: 1500 }).png().toBuffer()],
    ['JPEG', () => noiseOf({ width: 1800, height: 1800 }).jpeg({ quality: 100 }).toBuffer()],
  ])('too many bytes: %s', async (_, made) => {
    const bytes = await made();
    expect(bytes.length).toBeGreaterThan(EVERY_MODEL.maxBytes);
    const picture = await fitPicture(bytes, EVERY_MODEL);
    expect(picture.bytes.length).toBeLessThanOrEqual(EVERY_MODEL.maxBytes);
  });

  it('what is transparent stays so', async () => {
    const clear = await sharp({ create: { ...SMALL, channels: 4, background: '#0000' } })
      .webp()
      .toBuffer();
    const picture = await fitPicture(clear, EVERY_MODEL);
    expect([picture.mediaType, (await sharp(picture.bytes).stats()).isOpaque]).toEqual(['image/png', false]);
  });

  it('where only JPEG or only PNG is taken', async () => {
    const png = await pictureOf(SMALL).png().toBuffer();
    expect((await fitPicture(png, { ...EVERY_MODEL, types: ['image/jpeg'] })).mediaType).toBe('image/jpeg');
    const jpeg = await pictureOf(SMALL).jpeg().toBuffer();
    expect((await fitPicture(jpeg, { ...EVERY_MODEL, types: ['image/png'] })).mediaType).toBe('image/png');
  });
});

describe('a picture that cannot be taken says why, and what to do', () => {
  it.each([
    ['BMP', async () => BMP, 'unsupported', /no BMP pictures.*PNG or JPEG/],
    ['no picture', async () => Buffer.from('Hello'), 'unreadable', /not a picture/],
    ['nothing', async () => Buffer.alloc(0), 'unreadable', /not a picture/],
    ['a head without a body', async () => Buffer.from('89504e470d0a1a0a00010203', 'hex'), 'unreadable', /damaged/],
    ['HEIC, cut', async () => HEIC.subarray(0, 430), 'unreadable', /HEIC.*damaged/],
    ['HEIC, a head only', async () => HEIC.subarray(0, 28), 'unreadable', /HEIC.*damaged/],
    ['SVG with a mistake', async () => svg('<rect'), 'unreadable', /SVG.*damaged/],
    [
      'too many pixels',
      () => pictureOf({ width: 9000, height: 9000 }).png({ compressionLevel: 9 }).toBuffer(),
      'too_large',
      /9000 × 9000 pixels; at most 64 million/,
    ],
    ['a drawing of too many pixels', async () => svg('', 'width="100000" height="100000"'), 'too_large', /pixels/],
  ])('%s', async (_, made, code, message) => {
    await expect(verified(await made())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['png', 'jpeg'] as const)('a %s whose end is missing, though its head is right', async (format) => {
    const whole = await noiseOf({ width: 300, height: 300 }).toFormat(format).toBuffer();
    await expect(verified(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ code: 'unreadable' });
  });
});
