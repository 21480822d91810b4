import { Action, type TurnContext, type WidgetItem } from '#chatkit';
import type { Assistant } from '../assistants/assistant.js';
import { forwardEvents } from './forward-events.js';
import type { TurnAttempt } from './turn-attempt.js';

/** A click in a widget [RQ-18]; without a handler the answer is empty [GF-40]. */
export async function runAction(
  { run, output }: TurnAttempt,
  { definition }: Assistant,
  ctx: TurnContext,
): Promise<void> {
  const { action, itemId } = run.claim.request;
  if (!definition.action || !action) return;
  const sender = itemId === undefined ? undefined : await ctx.store.loadItem(ctx.thread.id, itemId);
  const widget: WidgetItem | undefined = sender?.type === 'widget' ? sender : undefined;
  const answer = await definition.action(ctx, Action.parse(action), widget);
  if (answer) await forwardEvents(output, answer, run.signal);
}
