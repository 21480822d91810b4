import { object } from '../http/json.js';
import type { ReasoningPart } from '../spec/prompt.js';
import { type Answer, type AnswerPart, callsOf, type Entry } from './entries.js';
import type { ConversationRules } from '../spec/conversation-rules.js';

/** Whose thoughts go back: those of this model, asked by this account. */
export interface Thinker {
  readonly provider: string;
  readonly model: string;
  readonly account?: string | undefined;
}

/** The field that holds what a server attached to its calls, by their ids; it goes back to whom it came from. */
const EXTRAS = 'call_extras';

/** The same without the thoughts of others, and without fields that the model does not want back. */
export function ownThoughts(entries: readonly Entry[], rules: ConversationRules, thinker: Thinker): Entry[] {
  return entries.map((entry) => (entry.role === 'assistant' ? ofAnswer(entry, rules, thinker) : entry));
}

function ofAnswer(answer: Answer, rules: ConversationRules, thinker: Thinker): Answer {
  const content = answer.content.flatMap((part): readonly AnswerPart[] => {
    if (part.type !== 'reasoning') return [part];
    return isOwn(part, thinker) ? wanted(part, rules) : [];
  });
  return { ...answer, content: [...substitutes({ ...answer, content }, rules, thinker), ...content] };
}

/** Another account, or another model, can neither read nor check what is encrypted or signed. */
const isOwn = (part: ReasoningPart, thinker: Thinker): boolean =>
  part.provider === thinker.provider &&
  (part.model === undefined || part.model === thinker.model) &&
  (part.account === undefined || part.account === thinker.account);

function wanted(part: ReasoningPart, { thoughts }: ConversationRules): ReasoningPart[] {
  if (thoughts === 'all') return [part];
  const fields = Object.entries(part.data).filter(([field]) => field === EXTRAS || thoughts.includes(field));
  return fields.length > 0 ? [{ ...part, data: Object.fromEntries(fields) }] : [];
}

/** What calls have instead of a thought or signature that is not known. */
function substitutes(answer: Answer, rules: ConversationRules, { provider }: Thinker): ReasoningPart[] {
  const [first] = callsOf(answer);
  if (!first) return [];
  const known = answer.content.flatMap((part) => (part.type === 'reasoning' ? Object.keys(part.data) : []));
  const { unknownThought, unknownSignature } = rules;
  const missing = Object.entries(unknownThought ?? {}).filter(([field]) => !known.includes(field));
  const data = {
    ...Object.fromEntries(missing),
    ...(unknownSignature && !known.includes(EXTRAS) && { [EXTRAS]: { [first.callId]: unknownSignature } }),
  };
  return Object.keys(data).length > 0 ? [{ type: 'reasoning', provider, data }] : [];
}

/** A thought whose extras name the calls by other ids. */
export function renamedExtras(part: ReasoningPart, idOf: (callId: string) => string | undefined): ReasoningPart {
  const extras = object(part.data[EXTRAS]);
  if (!extras) return part;
  const renamed = Object.entries(extras).map(([callId, extra]) => [idOf(callId) ?? callId, extra]);
  return { ...part, data: { ...part.data, [EXTRAS]: Object.fromEntries(renamed) } };
}
