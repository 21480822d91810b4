import type { Message } from '#providers';

/** All texts of a conversation (items, or whatever else was said), whoever wrote them, to be found again in the words of an error. */
export const saidIn = (said: readonly unknown[]): readonly Message[] => [
  { role: 'user', content: said.flatMap((one) => textsIn(one)).map((text) => ({ type: 'text', text })) },
];

/** What the operator needs to find things again. */
const NO_CONTENT = /^(id|type|status|created_at|mime_type|model)$|_id$/;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (NO_CONTENT.test(key) ? [] : textsIn(one)));
}
