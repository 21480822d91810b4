import type { ModelCaller } from '#providers';
import type { AuthContext } from '#runtime';
import type { Claim } from '#runtime/worker';

/** The caller on whose behalf a run's models are called. */
export function callerOf({ tenantId, ownerId, runId, threadId, context: { requestId } }: Claim): ModelCaller {
  return {
    ...(requestId !== undefined && { requestId }),
    runId,
    ...(threadId !== '' && { threadId }),
    tenantId,
    userId: ownerId,
  };
}

/** A run acts for the user that requested it. */
export const authOf = ({ tenantId, ownerId, context, runId }: Claim): AuthContext => ({
  tenantId,
  userId: ownerId,
  roles: [],
  requestId: context.requestId ?? runId,
});
