import { texts } from '../i18n/texts.js';
import type { Entries, Entry } from '../protocol/fold.js';
import type { Failure, RunOutcome } from '../protocol/thread-requests.js';
import type { Problem } from './conversation-state.js';

const isQuestion = ({ item }: Entry): boolean => item.type === 'user_message';

/**
 * Stored items say what was written, and the runs how each turn ended: the entries of turns that were stopped or have
 * failed are marked as they were before a reload. `runs`: newest first.
 */
export function withOutcomes(entries: Entries, runs: readonly RunOutcome[]): Entries {
  const newest = new Map<string, RunOutcome>();
  for (const run of runs) if (run.triggerId && !newest.has(run.triggerId)) newest.set(run.triggerId, run);
  return [...newest].reduce((marked, [triggerId, run]) => withOutcome(marked, triggerId, run), entries);
}

function withOutcome(entries: Entries, triggerId: string, { state }: RunOutcome): Entries {
  const start = entries.findIndex(({ item }) => item.id === triggerId);
  if (start < 0 || (state !== 'cancelled' && state !== 'failed')) return entries;
  const next = entries.findIndex((entry, index) => index > start && isQuestion(entry));
  const last = next < 0 ? entries.length - 1 : next - 1;
  const entry = entries[last];
  if (!entry) return entries;
  if (state === 'cancelled' && entry.item.type === 'assistant_message') {
    return entries.with(last, { ...entry, progress: 'stopped' });
  }
  // How the newest turn has ended is shown below it, with the reason.
  return next < 0 ? entries : entries.with(last, { ...entry, ending: state === 'failed' ? 'failed' : 'stopped' });
}

/** What to say about the newest turn of a thread that is opened, and that is not being answered. */
export function problemOf(entries: Entries, runs: readonly RunOutcome[]): Problem | undefined {
  const question = entries.findLast(isQuestion)?.item.id;
  const newest = entries.at(-1);
  const [run] = runs;
  const again = question === undefined ? undefined : ({ type: 'retry', itemId: question } as const);
  if (!newest || !again) return undefined;
  if (run?.failure && entries.some(({ item }) => item.id === run.triggerId)) return failureOf(run, again);
  if (!isQuestion(newest)) return undefined;
  if (run?.state === 'cancelled' && run.triggerId === question) {
    return { tone: 'info', text: texts.core.stoppedEarly, again, ending: 'stopped', runId: run.id };
  }
  return { tone: 'info', text: texts.core.unanswered, again };
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
