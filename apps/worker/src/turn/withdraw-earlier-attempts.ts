import { encodeEvent } from '#chatkit';
import type { Claim, EventEngine, RunWriter } from '#runtime';

/**
 * A new attempt begins by taking back what earlier ones showed: every item that their part of the log announced or
 * finished, and every item that the claim deleted. Readers that never saw one take no harm (EV-7).
 */
export async function withdrawEarlierAttempts(
  { log }: Pick<EventEngine, 'log'>,
  claim: Claim,
  writer: RunWriter,
): Promise<void> {
  if (claim.fence === 1) return;
  const shown = new Set(claim.withdrawnItemIds);
  for (const entry of await log.readAfter(claim.runId)) {
    for (const id of [...entry.opened, ...entry.closed]) shown.add(id);
  }
  for (const id of shown) {
    writer.write(encodeEvent({ type: 'thread.item.removed', item_id: id }));
    writer.itemClosed(id);
  }
}
