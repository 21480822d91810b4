import type { AttachmentLimits } from '../protocol/page-config.js';

/** Attachments of a message, whatever they are: a limit of the protocol's requests on our server. */
const MAX_ATTACHMENTS = 50;

/** Why a file is not even sent. The numbers are the limits. */
export type FileProblem =
  | { readonly type: 'folder' }
  | { readonly type: 'empty' }
  | { readonly type: 'too_large'; readonly bytes: number }
  | { readonly type: 'too_large_together'; readonly bytes: number }
  | { readonly type: 'too_many'; readonly count: number }
  | { readonly type: 'not_accepted' };

export interface FileFacts {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** As the browser says it; often empty. */
  readonly type: string;
}

export const isPicture = ({ type }: Pick<FileFacts, 'type'>): boolean => type.startsWith('image/');

/** What the server would refuse, said before anything is sent. `others`: what is attached already. */
export function problemOf(
  file: FileFacts,
  others: readonly FileFacts[],
  limits: AttachmentLimits,
): FileProblem | undefined {
  const { maxSize, maxTotalSize, maxCount } = limits;
  if (!isAccepted(file, limits)) return { type: 'not_accepted' };
  if (file.size === 0) return { type: 'empty' };
  if (file.size > maxSize) return { type: 'too_large', bytes: maxSize };
  if (others.length >= MAX_ATTACHMENTS) return { type: 'too_many', count: MAX_ATTACHMENTS };
  const documents = others.filter((one) => !isPicture(one)).length;
  if (!isPicture(file) && documents >= maxCount) return { type: 'too_many', count: maxCount };
  const together = others.reduce((bytes, { size }) => bytes + size, file.size);
  return together > maxTotalSize ? { type: 'too_large_together', bytes: maxTotalSize } : undefined;
}

/** By the type or by the ending, since browsers know few types of source code. */
function isAccepted({ name, type }: FileFacts, { accept }: AttachmentLimits): boolean {
  const entries = Object.entries(accept);
  if (entries.length === 0) return true;
  const lower = name.toLowerCase();
  return entries.some(
    ([accepted, endings]) => isOfType(type, accepted) || endings.some((ending) => lower.endsWith(ending)),
  );
}

const isOfType = (type: string, accepted: string): boolean =>
  accepted.endsWith('/*') ? type.startsWith(accepted.slice(0, -1)) : type.split(';', 1)[0] === accepted;

/** For the file dialog of the browser. */
export const acceptedTypes = ({ accept }: AttachmentLimits): string =>
  Object.entries(accept)
    .flatMap(([type, endings]) => [type, ...endings])
    .join(',');
