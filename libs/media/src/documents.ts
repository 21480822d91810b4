import { readInProcess } from './own-process.js';
import type { PdfContent } from './pdf.js';

/** As `readPdf`, in a process of its own. @throws MediaError */
export const readDocument = async (bytes: Uint8Array): Promise<PdfContent> =>
  (await readInProcess({ name: 'pdf', bytes })) as PdfContent;

/** How many pages a PDF has, found out in a process of its own. @throws MediaError */
export const countPages = async (bytes: Uint8Array): Promise<number> =>
  (await readInProcess({ name: 'pdfPages', bytes })) as number;
