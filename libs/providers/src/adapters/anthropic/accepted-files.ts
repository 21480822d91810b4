import { asBase64, IMAGES_AND_PDF, withPictureLimits } from '../../attachments/accepted-files.js';

/** What Claude takes, wherever it runs: https://platform.claude.com/docs/en/build-with-claude/vision and …/pdf-support, 2026-11. */
export const CLAUDE_FILES = {
  ...withPictureLimits(IMAGES_AND_PDF, { maxBytes: asBase64(5) }),
  files: ['application/pdf', 'text/*'],
  maxPdfPages: 100,
};
