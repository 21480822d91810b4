import { language } from '../../i18n/texts.js';
import type { Thread } from '../../protocol/types.js';

/** What a thread is called: its title, the first words in it, or when it began. */
export function titleOf(thread: Thread, openings: Readonly<Record<string, string>>): string {
  if (thread.title) return thread.title;
  return openings[thread.id] === undefined
    ? '…'
    : openings[thread.id] || new Date(thread.created_at).toLocaleString(language);
}
