import { describe, expect, it } from 'vitest';
import { MAX_PDF_PAGES } from './pdf.js';
import { countPages, readDocument } from './documents.js';
import { pdfOf } from './testing/index.js';
import { MAX_TEXT_CHARS } from './text-file.js';

const read = (pages: readonly string[]) => readDocument(pdfOf(pages));

describe('a PDF as text', () => {
  it('has marks for its pages', async () => {
    const text = '[page 1]\nFirst page\n\n[page 2]\nSecond page';
    expect(await read(['First page', 'Second page'])).toEqual({ pages: 2, text, pagesRead: 2, isCut: false });
  });

  it('is empty where no page has text', async () => {
    expect(await read(['', ''])).toEqual({ pages: 2, text: '', pagesRead: 2, isCut: false });
  });

  it('ends where it is long enough', async () => {
    const long = await read(Array<string>(5).fill('word '.repeat(MAX_TEXT_CHARS / 15)));
    expect(long).toMatchObject({ pages: 5, isCut: true });
    expect(long.text.length).toBe(MAX_TEXT_CHARS);
    const many = await read(Array<string>(MAX_PDF_PAGES + 1).fill('a'));
    expect(many).toMatchObject({ pages: MAX_PDF_PAGES + 1, pagesRead: MAX_PDF_PAGES, isCut: true });
  });

  it.each([
    ['a head only', Buffer.from('%PDF-1.4')],
    ['cut in the middle', pdfOf(['Some text']).subarray(0, 120)],
  ])('that is damaged says so: %s', async (_, bytes) => {
    for (const readBytes of [readDocument, countPages]) {
      await expect(readBytes(bytes)).rejects.toMatchObject({
        code: 'unreadable',
        message: expect.stringMatching(/damaged/) as string,
      });
    }
  });
});
