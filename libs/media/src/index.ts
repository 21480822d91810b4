export { atMost } from './at-most.js';
export { baseType, type DetectedFile, detectFile } from './detect-file.js';
export { countPages, readDocument } from './documents.js';
export { MediaError, type MediaErrorCode } from './media-error.js';
export { MAX_PDF_PAGES, type PdfContent } from './pdf.js';
export { EVERY_MODEL, fitPicture, MAX_PIXELS, type Picture, type PictureLimits } from './picture.js';
export { oneForEach } from './one-for-each.js';
export { ReaderError } from './reader-error.js';
export { MAX_TEXT_CHARS, readText, type TextContent } from './text-file.js';
