import type { FileState } from '../../../chat/draft.js';
import type { FileProblem } from '../../../chat/file-limits.js';
import { texts } from '../../../i18n/texts.js';
import { formatSize } from '../format-size.js';

/** Why a file was not attached. */
export function problemText(name: string, problem: FileProblem): string {
  const { composer } = texts;
  switch (problem.type) {
    case 'folder':
      return composer.folder(name);
    case 'empty':
      return composer.empty(name);
    case 'too_large':
      return composer.tooLarge(name, formatSize(problem.bytes));
    case 'too_large_together':
      return composer.tooLargeTogether(name, formatSize(problem.bytes));
    case 'too_many':
      return composer.tooMany(name, problem.count);
    case 'not_accepted':
      return composer.notAccepted(name);
  }
}

/** The server's words, where it has said any: they name the file, and say what to do. */
export function failureText({ status, message }: Extract<FileState, { type: 'failed' }>): string {
  const { composer } = texts;
  if (status === 0) return composer.fileUnreachable;
  if (status < 0) return composer.notRead;
  return message || composer.fileRefused;
}
