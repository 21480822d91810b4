import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { MediaError } from './media-error.js';
import { cutAt, MAX_TEXT_CHARS } from './text-file.js';

/** Pages of a document whose text is read. */
export const MAX_PDF_PAGES = 300;

/** A PDF as text. */
export interface PdfContent {
  /** Of the whole document. */
  readonly pages: number;
  /** Each page behind a mark, `[page 1]`; empty where no page has text. */
  readonly text: string;
  /** How many pages, from the first, are in `text`; the last of them may be cut. */
  readonly pagesRead: number;
  readonly isCut: boolean;
}

/**
 * Reads the text of a PDF, page by page, up to 300 pages and 200,000 characters. It is what is written on the pages: a scan has
 * none. Blocks its thread for seconds where the document is large.
 * @throws MediaError for a damaged document, and one that asks for a password
 */
export async function readPdf(bytes: Uint8Array): Promise<PdfContent> {
  return withDocument(bytes, async (document) => {
    const texts: string[] = [];
    let [length, pagesRead] = [0, 0];
    while (pagesRead < Math.min(document.numPages, MAX_PDF_PAGES) && length < MAX_TEXT_CHARS) {
      pagesRead += 1;
      const text = await pageText(document, pagesRead);
      texts.push(`[page ${pagesRead}]\n${text}`);
      length += text.length;
    }
    const isCut = pagesRead < document.numPages || length > MAX_TEXT_CHARS;
    const text = length === 0 ? '' : cutAt(texts.join('\n\n'), MAX_TEXT_CHARS);
    return { pages: document.numPages, text, pagesRead, isCut };
  });
}

/** How many pages a PDF has. @throws MediaError as `readPdf` */
export const countPdfPages = (bytes: Uint8Array): Promise<number> =>
  withDocument(bytes, async (document) => {
    // Many damaged documents open, and fail at their first page.
    await document.getPage(1);
    return document.numPages;
  });

async function withDocument<Result>(
  bytes: Uint8Array,
  read: (document: PDFDocumentProxy) => Promise<Result>,
): Promise<Result> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({
    // It takes the bytes away from their owner.
    data: new Uint8Array(bytes),
    cMapUrl: `${join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'cmaps')}/`,
    cMapPacked: true,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    return await read(await task.promise);
  } catch (cause) {
    throw errorOf(cause);
  } finally {
    await task.destroy();
  }
}

async function pageText(document: PDFDocumentProxy, number: number): Promise<string> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
  return text.replaceAll('\0', '').trim();
}

function errorOf(cause: unknown): MediaError {
  if (cause instanceof Error && cause.name === 'PasswordException') {
    return new MediaError('unreadable', 'The PDF is protected by a password. Save it without one and attach that.', {
      cause,
    });
  }
  return new MediaError('unreadable', 'The PDF is damaged, or not complete. Save it again and attach that.', { cause });
}
