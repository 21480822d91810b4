import type { ModelCaller } from '#providers';
import type { AuthContext } from '#runtime';
import type { Claim } from '#runtime/worker';

/** For whom a run's models are called. */
export function callerOf({ tenantId, ownerId, runId, threadId }: Claim): ModelCaller {
  return { tenantId, userId: ownerId, runId, ...(threadId !== '' && { threadId }) };
}

/** A run acts for the person who asked for it. */
export const authOf = ({ tenantId, ownerId, context, runId }: Claim): AuthContext => ({
  tenantId,
  userId: ownerId,
  requestId: context.requestId ?? runId,
});
