import { describe, expect, it } from 'vitest';
import { detectFile } from './detect-file.js';
import { BMP, HEIC, pdfOf, pictureOf } from './testing/index.js';

const TINY = { width: 2, height: 2 };
const text = (content: string) => Buffer.from(content);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>';

describe('what a file is', () => {
  it.each([
    ['PNG', 'image/png', () => pictureOf(TINY).png().toBuffer()],
    ['JPEG', 'image/jpeg', () => pictureOf(TINY).jpeg().toBuffer()],
    ['GIF', 'image/gif', () => pictureOf(TINY).gif().toBuffer()],
    ['WebP', 'image/webp', () => pictureOf(TINY).webp().toBuffer()],
    ['AVIF', 'image/avif', () => pictureOf(TINY).avif().toBuffer()],
    ['TIFF', 'image/tiff', () => pictureOf(TINY).tiff().toBuffer()],
    ['HEIC', 'image/heic', async () => HEIC],
    ['BMP', 'image/bmp', async () => BMP],
    ['SVG', 'image/svg+xml', async () => text(SVG)],
    [
      'SVG with a prologue',
      'image/svg+xml',
      async () =>
        text(`\ufeff<?xml version="1.0"?>\n<!-- A <svg> -->\n<!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY c "d">]>\n${SVG}`),
    ],
  ])('a picture by its bytes, whatever it is called: %s', async (_, mediaType, bytes) => {
    for (const declared of ['application/octet-stream', 'text/plain', 'image/png', 'application/pdf']) {
      expect(await detectFile(await bytes(), declared)).toEqual({ kind: 'picture', mediaType });
    }
  });

  it('a PDF by its bytes, whatever it is called', async () => {
    expect(await detectFile(pdfOf(['a']), 'image/png')).toEqual({ kind: 'pdf', mediaType: 'application/pdf' });
  });

  it.each([
    ['a type of text stays', 'text/markdown; charset=utf-8', 'text/markdown', '# Größe'],
    ['JSON is text', 'application/json', 'application/json', '{}'],
    ['TypeScript, which browsers call a video', 'video/mp2t', 'text/plain', 'const a = 1;'],
    ['no type', 'application/octet-stream', 'text/plain', 'print(1)'],
    ['a picture by name only', 'image/png', 'text/plain', 'no picture'],
    ['HTML that has a drawing in it', 'text/html', 'text/html', `<!doctype html><p>${SVG}`],
    ['XML', 'application/xml', 'application/xml', '<?xml version="1.0"?><a/>'],
  ])('%s', async (_, declared, mediaType, content) => {
    expect(await detectFile(text(content), declared)).toEqual({ kind: 'text', mediaType, encoding: 'utf-8' });
  });

  it.each([
    ['UTF-16, little end first', 'utf-16le', Buffer.from('\ufeffGrüße', 'utf16le')],
    ['UTF-16, big end first', 'utf-16be', Buffer.from('\ufeffGrüße', 'utf16le').swap16()],
    ['an old Windows text', 'windows-1252', Buffer.from('Grüße', 'latin1')],
  ])('a text in another encoding: %s', async (_, encoding, bytes) => {
    expect(await detectFile(bytes, 'text/plain')).toMatchObject({ kind: 'text', encoding });
  });

  it.each([
    ['bytes that are called a picture', 'image/png', Buffer.alloc(64), 'application/octet-stream'],
    ['bytes that are called a text', 'text/plain', Buffer.from([1, 2, 0, 255, 254]), 'application/octet-stream'],
    ['bytes of a type that nobody can check', 'application/x-own', Buffer.from([1, 2, 0, 255]), 'application/x-own'],
    ['nothing at all', 'text/plain', Buffer.alloc(0), 'application/octet-stream'],
    ['an archive', 'image/png', Buffer.from('504b050600000000000000000000000000000000', 'hex'), 'application/zip'],
  ])('none of these: %s', async (_, declared, bytes, mediaType) => {
    expect(await detectFile(bytes, declared)).toEqual({ kind: 'other', mediaType });
  });
});
