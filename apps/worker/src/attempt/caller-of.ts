import type { ModelCaller } from '#providers';
import type { Claim } from '#runtime';

/** For whom a run's models are called. */
export function callerOf({ tenantId, ownerId, runId, threadId }: Claim): ModelCaller {
  return { tenantId, userId: ownerId, runId, ...(threadId !== '' && { threadId }) };
}
