import { type AcceptedFiles, IMAGES_AND_PDF } from '../../../attachments/accepted-files.js';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** https://developers.openai.com/api/docs/guides/file-inputs, 2026-11: Responses reads office documents as well. */
export const RESPONSES_FILES: AcceptedFiles = {
  ...IMAGES_AND_PDF,
  files: [
    ...IMAGES_AND_PDF.files,
    `${OFFICE}.wordprocessingml.document`,
    `${OFFICE}.presentationml.presentation`,
    `${OFFICE}.spreadsheetml.sheet`,
  ],
};
