import {
  customError,
  type ErrorEvent,
  type EventOf,
  StreamError,
  type ThreadItem,
  type ThreadStreamEvent,
} from '#chatkit';
import { HookRefusal, type Usage } from '#providers';
import { errorEvent, type Outcome, type RunUsage, stopMarker } from '#runtime';
import { GuardrailTrippedError } from './guardrails.js';
import { runErrorOf } from '../attempt/run-error-of.js';
import type { Turn } from './turn-attempt.js';

/** What is written when a turn ends: in Postgres at one commit, then in the log. */
export interface Ending {
  readonly outcome: Outcome;
  readonly items: readonly ThreadItem[];
  /** For the last entry, after the commit. */
  readonly events: readonly ThreadStreamEvent[];
}

/** The finished item that waits for the turn's own commit, if there is one. */
type Held = EventOf<'thread.item.done'> | undefined;

export function completed(turn: Turn, held: Held): Ending {
  return ending(turn, { state: 'completed' }, held);
}

/** What was finished stays; what was not is dropped [ER-5]. */
export function failed(turn: Turn, error: unknown, showCauses: boolean, held: Held): Ending {
  const userError = userErrorOf(error);
  const reason = runErrorOf(error);
  const event = userError ?? errorEvent(reason.errorCode, reason.errorDetail, showCauses);
  return ending(turn, { ...reason, state: 'failed', ...(userError && { userError }) }, held, [event]);
}

/** `kept` of what was unfinished is stored, and the marker always [CX-2] [CX-3]. */
export function cancelled(turn: Turn, kept: readonly ThreadItem[], held: Held): Ending {
  const keptIds = new Set(kept.map(({ id }) => id));
  const dropped = turn.output.open.unfinished().filter(({ id }) => !keptIds.has(id));
  const { outcome, items, events } = ending(turn, { state: 'cancelled' }, held);
  return {
    outcome,
    items: [...items, ...kept, stopMarker(turn.run.claim.threadId)],
    // Whoever asked for the stop is gone; another reader of the run still shows these as unfinished.
    events: [
      ...events,
      ...kept.map((item) => ({ type: 'thread.item.done', item }) as const),
      ...dropped.map(({ id }) => ({ type: 'thread.item.removed', item_id: id }) as const),
    ],
  };
}

/** [CX-2]: an unfinished message that says something, under its streamed id; nothing else. */
export function partialAnswers(unfinished: readonly ThreadItem[]): ThreadItem[] {
  return unfinished.filter(
    (item) => item.type === 'assistant_message' && item.content.some((part) => part.text.trim() !== ''),
  );
}

function ending(
  turn: Turn,
  outcome: Pick<Outcome, 'state' | 'errorCode' | 'errorDetail' | 'userError'>,
  held: Held,
  more: readonly ThreadStreamEvent[] = [],
): Ending {
  return {
    outcome: { ...measured(turn), ...outcome },
    items: held ? [held.item] : [],
    events: [...(held ? [held] : []), ...more],
  };
}

/** What the assistant's own code wants the person to be told. */
function userErrorOf(error: unknown): ErrorEvent | undefined {
  if (error instanceof StreamError) return error.toEvent();
  if (error instanceof HookRefusal) return customError(error.message);
  if (error instanceof GuardrailTrippedError && error.userMessage !== undefined) {
    return { type: 'error', code: 'custom', message: error.userMessage, allow_retry: true };
  }
  return undefined;
}

/** Closes the turn's account: what the run's model calls came to, for its row. */
export function measured({ meter }: Pick<Turn, 'meter'>): Omit<Outcome, 'state'> {
  const { model, usage, costMicros, byModel } = meter.close();
  const { firstTextAt } = meter;
  return {
    ...(model && { provider: model.provider, model: model.model }),
    ...(usage && { usage: toRunUsage(usage) }),
    ...(costMicros !== undefined && { costMicros }),
    modelUsage: byModel,
    ...(firstTextAt && { firstTokenAt: firstTextAt }),
  };
}

function toRunUsage({ inputTokens, outputTokens, ...details }: Usage): RunUsage {
  return { inputTokens, outputTokens, details };
}
