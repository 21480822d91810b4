import type { FormInput } from '../../chat/item-actions.js';
import type { Question } from '../../protocol/items/structured-input.js';

/** What a person has put in for one question: options, and a text of their own. */
export interface Draft {
  readonly chosen: readonly string[];
  readonly text: string;
}

export type Drafts = Readonly<Record<string, Draft>>;

const EMPTY: Draft = { chosen: [], text: '' };

/** Ids come from an assistant: one may be the name of what every object has. */
export const draftOf = (drafts: Drafts, id: string): Draft =>
  (Object.hasOwn(drafts, id) ? drafts[id] : undefined) ?? EMPTY;

/** The answer of a question: options in the order of the question, then the text. */
export function valuesOf(question: Question, { chosen, text }: Draft): readonly string[] {
  const own = text.trim() === '' ? [] : [text.trim()];
  if (question.type === 'freeform') return own;
  const options = question.options.filter((option) => chosen.includes(option));
  const values = [...options, ...own];
  // With one answer the text is an alternative to the options: the newest choice has emptied the other.
  return question.multiple ? values : values.slice(0, 1);
}

/** With one answer, a choice replaces the one before it, and the text. */
export function choose(question: Question, draft: Draft, option: string, isChosen: boolean): Draft {
  if (question.type === 'multiple_choice' && !question.multiple) return { chosen: isChosen ? [option] : [], text: '' };
  const others = draft.chosen.filter((one) => one !== option);
  return { ...draft, chosen: isChosen ? [...others, option] : others };
}

/** With one answer, a text replaces the choice. */
export function write(question: Question, draft: Draft, text: string): Draft {
  const keepsChoice = question.type === 'multiple_choice' && question.multiple;
  return { chosen: keepsChoice || text === '' ? draft.chosen : [], text };
}

/** What is sent; undefined if no question is answered. */
export function toInput(questions: readonly Question[], drafts: Drafts): FormInput | undefined {
  const answers = questions.map((question) => [question.id, valuesOf(question, draftOf(drafts, question.id))] as const);
  if (answers.every(([, values]) => values.length === 0)) return undefined;
  const fields = answers.map(([id, values]) => [id, values.length > 0 ? { values } : { skipped: true }] as const);
  return { status: 'answered', answers: Object.fromEntries(fields) };
}

export const SKIPPED: FormInput = { status: 'skipped', answers: {} };
