import type { ChatClient } from '../protocol/client.js';
import type { Item } from '../protocol/types.js';

export type Sleep = (ms: number) => Promise<void>;

/** A stop reaches the worker, and the partial answer the database, in well under a second unless something is down. */
const PAUSES_MS = [150, 250, 400, 600, 800, 1_000, 1_300, 1_500, 2_000, 2_000];
const LOOK_BACK = 10;

/**
 * The stored part of an answer whose stream was cut: the newest items in order, as soon as the last one is not the
 * question. Undefined if it is still the question after about ten seconds.
 */
export async function findKept(
  client: Pick<ChatClient, 'listItems'>,
  threadId: string,
  sleep: Sleep,
): Promise<readonly Item[] | undefined> {
  for (const pause of [0, ...PAUSES_MS]) {
    if (pause > 0) await sleep(pause);
    // The connection may still be broken: a failed request is followed by the next one.
    const page = await client.listItems(threadId, { limit: LOOK_BACK, order: 'desc' }).catch(() => undefined);
    const items = page?.data.toReversed();
    if (items && items.length > 0 && items.at(-1)?.type !== 'user_message') return items;
  }
  return undefined;
}
