import type { FileView } from './attachment-files.js';

/** Where a view is read from: the first that is stored. */
export const VIEWS_OF: Record<FileView, readonly FileView[]> = {
  upload: ['upload'],
  model: ['model', 'upload'],
  preview: ['preview', 'model', 'upload'],
};
