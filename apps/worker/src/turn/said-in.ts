import type { ThreadItem } from '#chatkit';
import type { Message } from '#providers';

/** All texts of a conversation, whoever wrote them, to be found again in the words of an error. */
export const saidIn = (items: readonly ThreadItem[]): readonly Message[] => [
  { role: 'user', content: items.flatMap((item) => textsIn(item)).map((text) => ({ type: 'text', text })) },
];

/** What the operator needs to find things again. */
const NO_CONTENT = /^(id|type|status|created_at|mime_type|model)$|_id$/;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (NO_CONTENT.test(key) ? [] : textsIn(one)));
}
