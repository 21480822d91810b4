import { fitPictureHere, type FitOptions, type PictureLimits } from './decode-picture.js';
import { countPdfPages, readPdf } from './pdf.js';

/** What only a process of its own can bound. */
export type ProcessTask =
  | { readonly name: 'pdf' | 'pdfPages'; readonly bytes: Uint8Array }
  | {
      readonly name: 'svg' | 'largePicture';
      readonly bytes: Uint8Array;
      readonly limits: PictureLimits;
      readonly options: FitOptions;
    };

/** @throws MediaError */
export function perform(task: ProcessTask): Promise<unknown> {
  switch (task.name) {
    case 'pdf':
      return readPdf(task.bytes);
    case 'pdfPages':
      return countPdfPages(task.bytes);
    case 'svg':
    case 'largePicture':
      return fitPictureHere(task.bytes, task.limits, task.options);
    default:
      throw new Error(`there is no task ${task satisfies never}`);
  }
}
