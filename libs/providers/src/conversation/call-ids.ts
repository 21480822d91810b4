import { createHash } from 'node:crypto';
import { type Answer, callsOf, type Entry } from './entries.js';
import { renamedExtras } from './own-thoughts.js';
import type { CallIdRule } from '../spec/conversation-rules.js';

/**
 * The same with ids of calls as the server takes them, none twice. An id that does not fit, or is used before, is replaced by
 * its hash: the same call has the same id in every request.
 */
export function fitCallIds(entries: readonly Entry[], rule: CallIdRule): Entry[] {
  const used = new Set<string>();
  return entries.map((entry) => (entry.role === 'assistant' ? renamed(entry, rule, used) : entry));
}

function renamed(answer: Answer, rule: CallIdRule, used: Set<string>): Answer {
  const ids = callsOf(answer).map(({ callId }) => [callId, freeId(callId, rule, used)] as const);
  if (ids.every(([before, after]) => before === after)) return answer;
  const byOldId = new Map(ids);
  let next = 0;
  const content = answer.content.map((part) => {
    if (part.type === 'reasoning') return renamedExtras(part, (callId) => byOldId.get(callId));
    return part.type === 'tool-call' ? { ...part, callId: ids[next++]?.[1] ?? part.callId } : part;
  });
  const results = answer.results.map((result, index) => ({ ...result, callId: ids[index]?.[1] ?? result.callId }));
  return { ...answer, content, results };
}

function freeId(callId: string, rule: CallIdRule, used: Set<string>): string {
  let free = callId;
  for (let copy = 0; !fits(free, rule) || used.has(free); copy++) free = hashed(callId, copy, rule);
  used.add(free);
  return free;
}

const ALPHABETS = { any: /^[\s\S]+$/, word: /^[\w-]+$/, alphanumeric: /^[a-z0-9]+$/i } as const;

const fits = (id: string, { alphabet, minLength, maxLength }: CallIdRule): boolean =>
  id.length >= minLength && id.length <= maxLength && ALPHABETS[alphabet].test(id);

/** Hexadecimal digits are letters and digits, and there are 64 of them; longer ids repeat them. */
function hashed(callId: string, copy: number, { minLength, maxLength }: CallIdRule): string {
  const of = copy === 0 ? callId : `${callId}\n${copy}`;
  const digits = createHash('sha256').update(of).digest('hex');
  return digits.slice(0, maxLength).padEnd(minLength, digits);
}
