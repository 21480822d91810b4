import type { PictureLimits } from '#media';

/**
 * What a server takes beside text, a part of what is known of a kind of provider: data, with the page that says so. What it does
 * not take is converted, or becomes a note to the model, before the call reaches the adapter. Null: it is given everything as it
 * is.
 */
export interface AcceptedFiles {
  /** For models that see at all. */
  readonly pictures: PictureLimits;
  /** Media types of files that it takes as they are; `text/*` stands for all that is text. */
  readonly files: readonly string[];
  /** Of a PDF that it takes as it is; longer ones are given as text. */
  readonly maxPdfPages?: number;
}

const MB = 1024 * 1024;
const PDF = 'application/pdf';

/** Unknown software, and servers of open models: their image libraries know these two types for certain. */
export const JPEG_AND_PNG: AcceptedFiles = {
  pictures: { types: ['image/jpeg', 'image/png'], maxBytes: 10 * MB, maxEdge: 8000 },
  files: [],
};

/** What most vendors take, and no files. */
export const FOUR_IMAGE_TYPES: AcceptedFiles = {
  pictures: { ...JPEG_AND_PNG.pictures, types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] },
  files: [],
};

/** The four types and PDF, as OpenAI's chat completions (https://developers.openai.com/api/docs/guides/file-inputs, 2026-11). */
export const IMAGES_AND_PDF: AcceptedFiles = { ...FOUR_IMAGE_TYPES, files: [PDF] };

/** The same with other limits. */
export const withPictureLimits = (accepted: AcceptedFiles, limits: Partial<PictureLimits>): AcceptedFiles => ({
  ...accepted,
  pictures: { ...accepted.pictures, ...limits },
});

/** Bytes that are so many megabytes as base64. */
export const asBase64 = (megabytes: number): number => Math.floor((megabytes * MB * 3) / 4);
