import type { ChatClient, Following } from '../protocol/client.js';
import { LIMIT_MS } from '../protocol/in-time.js';
import { RequestError } from '../protocol/request-error.js';
import type { RunOutcome } from '../protocol/thread-requests.js';
import type { FeedbackKind, Item, Page, Thread } from '../protocol/types.js';
import { PAGE } from './earlier-items.js';
import type { GivenFeedback } from './given-feedback.js';
import { runsOf } from './outcomes.js';
import type { Sleep } from './recover.js';

/** Opening a thread takes less, unless something is down. */
const OUTAGE_MS = 1_500;

/** What the server has of a thread. */
export interface StoredThread {
  /** The answer that is being written. */
  readonly following: Following | undefined;
  readonly thread: Thread;
  readonly page: Page<Item>;
  readonly runs: readonly RunOutcome[];
  readonly feedback: ReadonlyMap<string, FeedbackKind>;
}

export type Follow = (threadId: string, signal: AbortSignal) => Promise<Following | undefined>;

/** Reads the thread, and follows its answer. If either fails nobody follows it, and the next try can. */
export async function readThread(
  {
    client,
    feedback,
    follow,
  }: { readonly client: ChatClient; readonly feedback: GivenFeedback; readonly follow: Follow },
  threadId: string,
  abort: AbortController,
): Promise<StoredThread> {
  try {
    // Before the items: an answer that ends in between is then among them.
    const following = await follow(threadId, abort.signal);
    const [thread, page, runs, given] = await Promise.all([
      client.getThread(threadId),
      client.listItems(threadId, { limit: PAGE, order: 'desc' }),
      runsOf(client, threadId),
      feedback.load(threadId),
    ]);
    return { following, thread, page, runs, feedback: given };
  } catch (error) {
    abort.abort();
    throw error;
  }
}

/** Looking for the answer goes on for a while if it is refused; that the server cannot be reached is told sooner. */
export const followSoon =
  (client: ChatClient, sleep: Sleep): Follow =>
  async (threadId, signal) => {
    let isKnown = false;
    const known = client.follow(threadId, signal).finally(() => (isKnown = true));
    const outage = sleep(OUTAGE_MS).then(async () => {
      if (isKnown) return known;
      await client.getThread(threadId);
      // The thread can be read; the other request may be lost all the same.
      await sleep(LIMIT_MS);
      if (isKnown) return known;
      throw new RequestError(0, `Whether an answer is being written was not known within ${LIMIT_MS / 1_000} s.`);
    });
    return Promise.race([known, outage]);
  };
