import { type Answer, type AnswerPart, callsOf, type Entry, isInterrupted } from './entries.js';
import { alreadySaid, earlierAnswer, toolRound } from './notes.js';
import type { ConversationRules } from '../spec/conversation-rules.js';

/** The conversation with who speaks when as the server takes it. Nothing is left out: what may not stand is told by the user. */
export function orderRoles(conversation: readonly Entry[], rules: ConversationRules): Entry[] {
  let entries = [...conversation];
  if (rules.toolRounds === 'text') entries = entries.flatMap((entry) => (isRound(entry) ? toldRound(entry) : [entry]));
  if (rules.firstFromUser) entries = beginWithUser(entries);
  entries = rules.prefill ? trimEnd(entries) : endWithUser(entries);
  if (!rules.userAfterTool) entries = answerTools(entries);
  return rules.alternate ? merge(entries) : entries;
}

const isAnswer = (entry: Entry | undefined): entry is Answer => entry?.role === 'assistant';
const isRound = (entry: Entry | undefined): entry is Answer => isAnswer(entry) && entry.results.length > 0;

/** An answer without its calls, which follow as a message of the user. */
function toldRound(answer: Answer): Entry[] {
  const content = answer.content.filter(({ type }) => type === 'text');
  const before: Answer[] = content.length > 0 ? [{ role: 'assistant', content, results: [] }] : [];
  return [...before, ...toolRound(answer)];
}

function beginWithUser(entries: readonly Entry[]): Entry[] {
  const first = entries.findIndex(({ role }) => role === 'user');
  const begins = first < 0 ? entries.length : first;
  return entries.flatMap((entry, index) => (index < begins && isAnswer(entry) ? earlierAnswer(entry) : [entry]));
}

/** What the assistant has said last is told by the user, unless the model was interrupted in it. */
function endWithUser(entries: readonly Entry[]): Entry[] {
  const last = entries.findLastIndex((entry) => !isAnswer(entry) || isRound(entry)) + 1;
  const trailing = entries.slice(last).filter(isAnswer);
  if (trailing.length === 0 || trailing.some(isInterrupted)) return [...entries];
  return [...entries.slice(0, last), alreadySaid(trailing)];
}

/** A text that the model is to carry on may not end in white space. */
function trimEnd(entries: readonly Entry[]): Entry[] {
  const last = entries.at(-1);
  const part = isAnswer(last) ? last.content.at(-1) : undefined;
  if (!isAnswer(last) || part?.type !== 'text') return [...entries];
  const content = [...last.content.slice(0, -1), { ...part, text: part.text.trimEnd() }];
  return [...entries.slice(0, -1), { ...last, content }];
}

/** From the end, because a round that is told is itself a message of the user behind the one before. */
function answerTools(entries: readonly Entry[]): Entry[] {
  const ordered: Entry[] = [];
  for (const entry of entries.toReversed()) {
    const next = ordered[0];
    ordered.unshift(...(isRound(entry) && next?.role === 'user' ? toldRound(entry) : [entry]));
  }
  return ordered;
}

function merge(entries: readonly Entry[]): Entry[] {
  const merged: Entry[] = [];
  for (const entry of entries) {
    const last = merged.at(-1);
    if (last?.role === 'user' && entry.role === 'user') {
      merged[merged.length - 1] = { role: 'user', content: [...last.content, ...entry.content] };
    } else if (isAnswer(last) && isAnswer(entry) && callsOf(last).length === 0) {
      merged[merged.length - 1] = { ...entry, content: joined(last.content, entry.content) };
    } else merged.push(entry);
  }
  return merged;
}

/** Two texts that were messages of their own are paragraphs of one. */
function joined(before: readonly AnswerPart[], after: readonly AnswerPart[]): AnswerPart[] {
  const last = before.at(-1);
  const [next, ...rest] = after;
  if (last?.type !== 'text' || next?.type !== 'text') return [...before, ...after];
  return [...before.slice(0, -1), { type: 'text', text: `${last.text}\n\n${next.text}` }, ...rest];
}
