import type { FileView, StoredEntry } from '../attachment-files.js';

/** Objects of attachments that have their bytes. */
export const KEPT = 'attachments/';
/** Objects that were sent and that nobody has looked at. */
export const STAGED = 'uploads/';

const SUFFIX: Record<FileView, string> = { upload: '', model: '.model', preview: '.preview' };
const KEY = /^(attachments|uploads)\/(\w+)(?:\.\w+)?$/;

export const keyOf = (id: string, view: FileView): string => `${KEPT}${id}${SUFFIX[view]}`;
export const stagedKey = (id: string): string => `${STAGED}${id}`;

/** Undefined for an object that is not ours. */
export function entryOf(key: string): Pick<StoredEntry, 'attachmentId' | 'isStaged'> | undefined {
  const [, folder, attachmentId] = KEY.exec(key) ?? [];
  return attachmentId === undefined ? undefined : { attachmentId, isStaged: `${folder}/` === STAGED };
}
