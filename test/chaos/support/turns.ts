import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, createThread, post, until, type WireEvent, type WireItem } from '../../support/chat.js';
import type { Fleet } from './fleet.js';
import { answerTo, type Wish, wishText } from './numbered-provider.js';

/** One turn as its sender lived it. */
export interface Turn {
  readonly wish: Wish;
  /** Undefined: the connection broke before a status came. */
  readonly answer: Answer | undefined;
}

/** What became of many turns; everything but `turns`, `completed`, `failed` and `refused` must be 0. */
export interface Audit {
  turns: number;
  /** Stored with the whole answer. */
  completed: number;
  /** Ended in an error that is stored with the run. */
  failed: number;
  /** Never accepted: refused by status, or the connection broke before anything was stored. */
  refused: number;
  lost: number;
  doubled: number;
  foreign: number;
  stuck: number;
  /** Connected to the end, and shown something else than what is stored. */
  misled: number;
}

/** What an audit says when every turn was answered but those that were refused. */
export const flawless = (turns: number, refused = 0): Audit => ({
  turns,
  completed: turns - refused,
  failed: 0,
  refused,
  lost: 0,
  doubled: 0,
  foreign: 0,
  stuck: 0,
  misled: 0,
});

/** Sends one turn on a thread of its own and reads its stream to whatever end it has. */
export async function sendTurn(
  fleet: Fleet,
  wish: Wish,
  onEvents?: (events: readonly WireEvent[]) => void,
): Promise<Turn> {
  const answer = await post(fleet.url(), createThread(wishText(wish)), {
    user: `user-${wish.id}`,
    ...(onEvents && { onEvents: (events) => onEvents(events) }),
  }).catch(() => undefined);
  return { wish, answer };
}

/** Sends so many turns, `atOnce` side by side, and gives all of them when the last one is over. */
export async function sendTurns(
  fleet: Fleet,
  count: number,
  { atOnce, wish, everyMs = 0 }: { atOnce: number; wish: (number: number) => Wish; everyMs?: number },
): Promise<Turn[]> {
  const turns: Turn[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const number = next++;
      turns.push(await sendTurn(fleet, wish(number)));
      await sleep(everyMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return turns;
}

interface StoredTurn {
  readonly state: string;
  readonly items: readonly WireItem[];
}

/** Compares what was asked with what is stored and with what was shown. Waits until nothing is under way any more. */
export async function audit(fleet: Fleet, turns: readonly Turn[], settleWithinMs = 60_000): Promise<Audit> {
  const result: Audit = { ...flawless(turns.length), completed: 0 };
  result.stuck = await stillOpen(fleet, settleWithinMs);
  for (const turn of turns) judge(result, turn, await storedTurns(fleet, turn.wish));
  return result;
}

/** Runs that have not settled in time. */
async function stillOpen(fleet: Fleet, withinMs: number): Promise<number> {
  const count = async (): Promise<number> => {
    const [row] = await fleet.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM runs WHERE state IN ('queued', 'working')`,
    );
    return row?.open ?? 0;
  };
  await until('all runs settle', withinMs, async () => (await count()) === 0).catch(() => undefined);
  return count();
}

async function storedTurns({ query }: Fleet, { id }: Wish): Promise<StoredTurn[]> {
  const runs = await query<{ state: string; thread_id: string }>(
    `SELECT runs.state, runs.thread_id FROM runs JOIN items ON items.run_id = runs.id AND items.type = 'user_message'
     WHERE items.payload::text LIKE $1`,
    [`%#${id} %`],
  );
  return Promise.all(
    runs.map(async ({ state, thread_id }) => {
      const rows = await query<{ item: WireItem }>(
        `SELECT payload::jsonb || jsonb_build_object('id', id, 'type', type) AS item FROM items
         WHERE thread_id = $1 ORDER BY position`,
        [thread_id],
      );
      return { state, items: rows.map(({ item }) => item) };
    }),
  );
}

function judge(result: Audit, { wish, answer }: Turn, stored: readonly StoredTurn[]): void {
  const [turn, ...more] = stored;
  if (!turn) {
    // A stream that began was accepted.
    if (answer?.status === 200) result.lost++;
    else result.refused++;
    return;
  }
  const texts = textsOf(turn.items);
  if (more.length > 0 || texts.length > 1) result.doubled++;
  if (texts.some((text) => isForeign(text, wish))) result.foreign++;
  if (turn.state === 'completed' && texts[0] === answerTo(wish)) result.completed++;
  else if (turn.state === 'failed' && texts.length === 0) result.failed++;
  else if (turn.state !== 'cancelled') result.lost++;
  if (answer?.complete && answer.status === 200 && !wasShown(answer.events, texts, turn.state)) result.misled++;
}

const textsOf = (items: readonly WireItem[]): string[] =>
  items
    .filter(({ type }) => type === 'assistant_message')
    .map(({ content }) => content.map(({ text }) => text).join(''));

/** Something in it that this turn's provider never said in this order: another turn's token, or two texts glued. */
function isForeign(text: string, wish: Wish): boolean {
  return !answerTo(wish).startsWith(text);
}

/** Whether what a person saw at the end is what is stored. */
function wasShown(events: readonly WireEvent[], texts: readonly string[], state: string): boolean {
  const shown = new Map<string, string>();
  let hasError = false;
  for (const event of events) {
    if (event.type === 'thread.item.removed') shown.delete(String(event['item_id']));
    if (event.type === 'error') hasError = true;
    if (event.type !== 'thread.item.done' && event.type !== 'thread.item.replaced') continue;
    const item = event['item'] as WireItem & { id: string };
    if (item.type === 'assistant_message') shown.set(item.id, item.content.map(({ text }) => text).join(''));
  }
  if (state === 'failed') return hasError;
  return JSON.stringify([...shown.values()]) === JSON.stringify(texts) && !hasError;
}
