import { setTimeout as wait } from 'node:timers/promises';
import type { Annotation, ThreadStreamEvent, TurnContext } from '#chatkit';

export type Events = AsyncGenerator<ThreadStreamEvent, void, undefined>;

/** So that a text is seen to stream. */
const BETWEEN_WORDS_MS = 12;

/** Resolves after a while, and rejects when the turn is stopped. */
export const pause = (ctx: Pick<TurnContext, 'signal'>, ms: number): Promise<void> =>
  wait(ms, undefined, { signal: ctx.signal });

const part = (shown: string, annotations: readonly Annotation[] = []) => ({
  type: 'output_text' as const,
  text: shown,
  annotations: [...annotations],
});

/** A message, word by word; its citations come as soon as their place in the text is there. */
export async function* say(ctx: TurnContext, text: string, citations: readonly Annotation[] = []): Events {
  const item = ctx.item({ type: 'assistant_message', content: [] });
  const update = (change: object) =>
    ({ type: 'thread.item.updated', item_id: item.id, update: { content_index: 0, ...change } }) as ThreadStreamEvent;
  yield { type: 'thread.item.added', item };
  yield update({ type: 'assistant_message.content_part.added', content: part('') });
  let shown = 0;
  let cited = 0;
  for (const delta of text.match(/\s*\S+\s*/gu) ?? []) {
    yield update({ type: 'assistant_message.content_part.text_delta', delta });
    shown += delta.length;
    for (; (citations[cited]?.index ?? Infinity) <= shown; cited++) {
      yield update({
        type: 'assistant_message.content_part.annotation_added',
        annotation_index: cited,
        annotation: citations[cited],
      });
    }
    await pause(ctx, BETWEEN_WORDS_MS);
  }
  const content = part(text, citations);
  yield update({ type: 'assistant_message.content_part.done', content });
  yield { type: 'thread.item.done', item: { ...item, content: [content] } };
}
