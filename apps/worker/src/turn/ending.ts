import type { ThreadItem, ThreadStreamEvent } from '#chatkit';
import type { Usage } from '#providers';
import { errorEvent, type Outcome, type RunUsage, stopMarker } from '#runtime';
import { runErrorOf } from './run-error-of.js';
import type { Turn } from './turn.js';
import { type StopReason, stopReasonOf } from './stop-reason.js';

/** How an attempt ends: in Postgres and in the log, by giving the run back, or without another word. */
export type Ending =
  | {
      readonly kind: 'settle';
      readonly outcome: Outcome;
      readonly items: ThreadItem[];
      readonly events: ThreadStreamEvent[];
    }
  | { readonly kind: 'hand_over' }
  | { readonly kind: 'write_nothing' };

const ENDINGS: Record<StopReason, (turn: Turn) => Ending> = {
  cancelled,
  shutdown: () => ({ kind: 'hand_over' }),
  lease_lost: () => ({ kind: 'write_nothing' }),
};

/** Decides from what happened; changes nothing. `events` are for the last entry, after the commit. */
export function endingOf(turn: Turn, failure: { readonly error: unknown } | undefined, showCauses: boolean): Ending {
  if (!failure) return completed(turn);
  const stopped = stopReasonOf(turn.run.signal);
  return stopped ? ENDINGS[stopped](turn) : failed(turn, failure.error, showCauses);
}

function completed(turn: Turn): Ending {
  const { item } = turn.answer;
  return {
    kind: 'settle',
    outcome: { ...measured(turn), state: 'completed' },
    items: item ? [item] : [],
    events: item ? [{ type: 'thread.item.done', item }] : [],
  };
}

/** What was finished stays; the unfinished message is dropped (ER-5). */
function failed(turn: Turn, error: unknown, showCauses: boolean): Ending {
  const reason = runErrorOf(error);
  return {
    kind: 'settle',
    outcome: { ...measured(turn), ...reason, state: 'failed' },
    items: [],
    events: [errorEvent(reason.errorCode, reason.errorDetail, showCauses)],
  };
}

/** The partial answer is kept when it says anything, and the marker always (CX-2, CX-3). */
function cancelled(turn: Turn): Ending {
  const { answer, run } = turn;
  const partial = answer.hasText ? answer.item : undefined;
  const dropped = answer.item && !partial ? [{ type: 'thread.item.removed', item_id: answer.item.id } as const] : [];
  return {
    kind: 'settle',
    outcome: { ...measured(turn), state: 'cancelled' },
    items: [...(partial ? [partial] : []), stopMarker(run.claim.threadId)],
    // Whoever asked for the stop is gone; another reader of the run still shows the message as unfinished.
    events: partial ? [{ type: 'thread.item.done', item: partial }] : dropped,
  };
}

function measured({ answer, model }: Turn): Omit<Outcome, 'state'> {
  return {
    ...(model && { provider: model.provider, model: model.model }),
    ...(answer.usage && { usage: toRunUsage(answer.usage) }),
    ...(answer.firstTextAt && { firstTokenAt: answer.firstTextAt }),
  };
}

function toRunUsage({ inputTokens, outputTokens, ...details }: Usage): RunUsage {
  return { inputTokens, outputTokens, details };
}
