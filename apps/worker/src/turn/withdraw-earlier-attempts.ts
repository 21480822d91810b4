import { encodeEvent } from '#chatkit';
import type { Claim, RunWriter } from '#runtime/worker';

/** What an entry of the log says of items. */
interface ItemsOfEntry {
  readonly opened: readonly string[];
  readonly closed: readonly string[];
}

/**
 * A new attempt begins by taking back what earlier ones showed: every item that their part of the log announced or
 * finished, and every item that the claim deleted. Readers that never saw one take no harm [EV-7].
 */
export function withdrawEarlierAttempts(entries: readonly ItemsOfEntry[], claim: Claim, writer: RunWriter): void {
  if (claim.fence === 1) return;
  const shown = new Set(claim.withdrawnItemIds);
  for (const entry of entries) {
    for (const id of [...entry.opened, ...entry.closed]) shown.add(id);
  }
  for (const id of shown) {
    writer.write(encodeEvent({ type: 'thread.item.removed', item_id: id }));
    writer.itemWithdrawn(id);
  }
}
