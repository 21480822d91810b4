import {
  customError,
  encodeEvent,
  type ErrorEvent,
  type EventOf,
  StreamError,
  type ThreadItem,
  type ThreadStreamEvent,
  visibleEvent,
} from '#chatkit';
import { HookRefusal, ProviderError } from '#providers';
import { errorEvent } from '#runtime';
import { stopMarker, type StoredTimes } from '#runtime/worker';
import { circuitOpenWords } from '../attempt/circuit-open-words.js';
import type { Ending, LastFrame } from '../attempt/run-attempt.js';
import { runErrorOf } from '../attempt/run-error-of.js';
import { GuardrailTrippedError } from './guardrails.js';
import type { ItemTimes } from '../output/item-times.js';
import { saidIn } from '../module-loader/said-in.js';
import type { TurnAttempt } from './turn-attempt.js';

/** The finished item that waits for the turn's own commit, if there is one. */
export type HeldItem = EventOf<'thread.item.done'> | undefined;

export function completed(turn: Pick<TurnAttempt, 'output'>, held: HeldItem): Ending {
  return ending(turn, { state: 'completed' }, held);
}

/** What was finished stays; what was not is dropped [ER-5]. After a tripped guardrail nothing stays [GF-21]. */
export async function failed(
  turn: Pick<TurnAttempt, 'output' | 'items'>,
  error: unknown,
  held: HeldItem,
  showCauses: boolean,
): Promise<Ending> {
  const isTripped = error instanceof GuardrailTrippedError;
  if (isTripped) await turn.output.withdraw();
  const userError = userErrorOf(error);
  const reason = runErrorOf(error, saidIn([...(turn.items ?? []), ...(held ? [held.item] : [])]));
  const event = errorEvent(reason.errorCode, reason.errorDetail, showCauses, userError);
  return ending(turn, { ...reason, state: 'failed', ...(userError && { userError }) }, isTripped ? undefined : held, [
    event,
  ]);
}

/** `retained` of what was unfinished is stored, and the marker always [CX-2] [CX-3]. */
export function cancelled(turn: TurnAttempt, retained: readonly ThreadItem[], held: HeldItem): Ending {
  const { output, run } = turn;
  const retainedIds = new Set(retained.map(({ id }) => id));
  const dropped = output.open.unfinished().filter(({ id }) => !retainedIds.has(id));
  // The reader that requested the stop is gone; other readers of the run still show these as unfinished.
  const made = ending(turn, { state: 'cancelled' }, held, [
    ...retained.map((item) => ({ type: 'thread.item.done', item }) as const),
    ...dropped.map(({ id }) => ({ type: 'thread.item.removed', item_id: id }) as const),
  ]);
  const items = [...made.items, ...retained];
  return { ...made, items: [...items, stopMarker(run.claim.threadId)], chosenTimes: chosenOf(items, output.times) };
}

/** [CX-2]: only unfinished messages that contain text, under their streamed ids. */
export function partialAnswers(unfinished: readonly ThreadItem[]): ThreadItem[] {
  return unfinished.filter(
    (item) => item.type === 'assistant_message' && item.content.some((part) => part.text.trim() !== ''),
  );
}

function ending(
  { output: { times } }: Pick<TurnAttempt, 'output'>,
  outcome: Ending['outcome'],
  held: HeldItem,
  more: readonly ThreadStreamEvent[] = [],
): Ending {
  const events = held ? [held, ...more] : more;
  const items = held ? [held.item] : [];
  return {
    outcome,
    items,
    chosenTimes: chosenOf(items, times),
    framesWith: (stored) => events.flatMap((event) => toLastFrame(event, stored)),
  };
}

const chosenOf = (items: readonly ThreadItem[], { isChosen }: ItemTimes): ReadonlySet<string> =>
  new Set(items.filter(isChosen).map(({ id }) => id));

function toLastFrame(event: ThreadStreamEvent, times: StoredTimes): LastFrame[] {
  const visible = visibleEvent(event.type === 'thread.item.done' ? withTime(event, times) : event);
  if (!visible) return [];
  const frame = encodeEvent(visible);
  if (visible.type === 'thread.item.done') return [{ frame, closedItemId: visible.item.id }];
  if (visible.type === 'thread.item.removed') return [{ frame, withdrawnItemId: visible.item_id }];
  return [{ frame }];
}

const withTime = (event: EventOf<'thread.item.done'>, times: StoredTimes): EventOf<'thread.item.done'> => ({
  ...event,
  item: { ...event.item, created_at: times.get(event.item.id) ?? event.item.created_at },
});

/** What the person is to read where the code of the error does not say it: the assistant's own words, a hook's, or until when. */
function userErrorOf(error: unknown): ErrorEvent | undefined {
  if (error instanceof StreamError) return error.toEvent();
  if (error instanceof HookRefusal) return customError(error.message);
  if (error instanceof ProviderError && error.code === 'circuit_open')
    return customError(circuitOpenWords(error), true);
  if (error instanceof GuardrailTrippedError && error.userMessage !== undefined) {
    return { type: 'error', code: 'custom', message: error.userMessage, allow_retry: true };
  }
  return undefined;
}
