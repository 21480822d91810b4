import { applyEvent, emptyThread, parseFrames } from '#chatkit';
import { createChatKitFetch } from '../../../libs/client/src/index.js';
import { createThread, listItems, postJson, threadIdOf, type WireEvent, type WireItem } from '../../support/chat.js';
import { USER_HEADER } from '../../support/relay.js';
import { type Wish, wishText } from './numbered-provider.js';
import type { Turn } from './turns.js';

/** A turn that was sent and read by the fetch shim. */
export interface ShimTurn extends Turn {
  /** What the application saw of a failure; the shim is there so that there is none. */
  readonly error: unknown;
}

const userOf = ({ id }: Wish): string => `user-${id}`;

/** Sends one turn on a thread of its own, as a page does that hands the shim to ChatKit, and reads it to its end. */
export async function sendByShim(
  base: string,
  wish: Wish,
  onText: (text: string) => void = () => undefined,
): Promise<ShimTurn> {
  const chatFetch = createChatKitFetch({
    url: `${base}/chatkit`,
    headers: { [USER_HEADER]: userOf(wish) },
    retry: { firstMs: 50, maxMs: 1_000, attempts: 30 },
  });
  let raw = '';
  let status = 0;
  try {
    const body = JSON.stringify(createThread(wishText(wish)));
    const response = await chatFetch(`${base}/chatkit`, { method: 'POST', body });
    status = response.status;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const chunk of response.body ?? []) {
      raw += decoder.decode(chunk as Uint8Array, { stream: true });
      onText(raw);
    }
    return { wish, answer: answerOf(status, raw, true), error: undefined };
  } catch (error) {
    return { wish, answer: status === 0 ? undefined : answerOf(status, raw, false), error };
  }
}

const answerOf = (status: number, raw: string, complete: boolean) => ({
  status,
  headers: {},
  events: status === 200 ? (parseFrames(raw) as unknown as WireEvent[]) : [],
  raw,
  complete,
});

/** The items that a reader has in front of it at the end, and those that a reload would show. */
export async function shownAndStored(base: string, { wish, answer }: Turn): Promise<[unknown, unknown]> {
  const { items } = parseFrames(answer?.raw ?? '').reduce(applyEvent, emptyThread);
  const threadId = threadIdOf({ events: answer?.events ?? [] });
  const stored = await postJson<{ data: WireItem[] }>(base, listItems(threadId), { user: userOf(wish) });
  return [items, stored.data];
}
