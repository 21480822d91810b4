import { texts } from '../i18n/texts.js';
import type { Entries, Entry } from '../protocol/fold.js';
import type { ChatClient } from '../protocol/client.js';
import type { Failure, RunFilter, RunOutcome } from '../protocol/thread-requests.js';
import type { Again, Problem, Trigger } from './conversation-state.js';

const isQuestion = ({ item }: Entry): boolean => item.type === 'user_message';

/** Without them the thread is shown as it is stored. */
export const runsOf = (client: ChatClient, threadId: string, which?: RunFilter): Promise<readonly RunOutcome[]> =>
  client.listRuns(threadId, which).catch((): readonly RunOutcome[] => []);

/**
 * Stored items say what was written, and the runs how each turn ended: the entries of turns that were stopped or have
 * failed are marked as they were before a reload. `runs`: newest first.
 */
export function withOutcomes(entries: Entries, runs: readonly RunOutcome[]): Entries {
  const newest = new Map<string, RunOutcome>();
  for (const run of runs) if (run.triggerId && !newest.has(run.triggerId)) newest.set(run.triggerId, run);
  const marked = [...newest].reduce((before, [triggerId, run]) => {
    const start = before.findIndex(({ item }) => item.id === triggerId);
    return start >= 0 && isTurnOf(before, start) ? withOutcome(before, start, run) : before;
  }, entries);
  const [run] = runs;
  // All entries are behind the newest question, which is not loaded yet.
  return run?.answersMessage && !entries.some(isQuestion) ? withOutcome(marked, 0, run) : marked;
}

/**
 * Whether the answer to an item follows it, up to the next question: a widget may be clicked, and a form filled in, long
 * after their turn.
 */
function isTurnOf(entries: Entries, start: number): boolean {
  const type = entries[start]?.item.type;
  if (type === 'structured_input') return !entries.slice(start).some(isQuestion);
  return type === 'user_message' || type === 'client_tool_call';
}

function withOutcome(entries: Entries, start: number, { state }: RunOutcome): Entries {
  if (state !== 'cancelled' && state !== 'failed') return entries;
  const next = entries.findIndex((entry, index) => index > start && isQuestion(entry));
  const last = next < 0 ? entries.length - 1 : next - 1;
  const entry = entries[last];
  if (!entry) return entries;
  if (state === 'cancelled' && entry.item.type === 'assistant_message') {
    return entries.with(last, { ...entry, progress: 'stopped' });
  }
  // How the newest turn has ended is shown below it, with the reason.
  if (next < 0 && (state === 'failed' || isQuestion(entry))) return entries;
  return entries.with(last, { ...entry, ending: state === 'failed' ? 'failed' : 'stopped' });
}

/**
 * What to say about the newest turn of a thread that is opened, and that is not being answered. `hasEarlier`: not all of
 * its items are loaded.
 */
export function problemOf(entries: Entries, runs: readonly RunOutcome[], hasEarlier: boolean): Problem | undefined {
  const newest = entries.at(-1);
  const [run] = runs;
  if (!newest) return undefined;
  if (run?.failure && isThere(run, entries, hasEarlier)) return failureOf(run, againOf(run));
  if (!isQuestion(newest)) return undefined;
  const again = { type: 'retry', itemId: newest.item.id } as const;
  if (run?.state === 'cancelled' && run.triggerId === newest.item.id) {
    return { tone: 'info', text: texts.core.stoppedEarly, again, ending: 'stopped', runId: run.id };
  }
  return { tone: 'info', text: texts.core.unanswered, again };
}

/** Whether what a run answers is still in the thread, loaded or not. */
function isThere({ triggerId, answersMessage }: RunOutcome, entries: Entries, hasEarlier: boolean): boolean {
  if (triggerId === undefined || entries.some(({ item }) => item.id === triggerId)) return true;
  // The newest run answers the newest question, or something that may be of any age.
  return hasEarlier && !(answersMessage && entries.some(isQuestion));
}

const againOf = ({ triggerId, answersMessage }: RunOutcome): Again | undefined =>
  answersMessage && triggerId !== undefined ? { type: 'retry', itemId: triggerId } : undefined;

/** What a run answers that had begun before the thread was opened. What a click has sent is not known any more. */
export function triggerOf(run: RunOutcome | undefined, entries: Entries): Trigger {
  const newest = entries.at(-1);
  const answersMessage = run ? run.answersMessage : newest !== undefined && isQuestion(newest);
  return answersMessage ? { type: 'message', itemId: run?.triggerId } : { type: 'answer' };
}

/** A failed run as the stream has told of it, with what the operator is told besides. */
export function failureOf({ id, failure }: RunOutcome, again: Problem['again']): Problem {
  const { message, allowRetry, cause, fix }: Failure = failure ?? { allowRetry: true };
  return {
    tone: 'error',
    text: message ?? texts.core.failed,
    again: allowRetry ? again : undefined,
    ending: 'failed',
    runId: id,
    cause,
    fix,
  };
}
