import type { AuthContext } from '../auth/auth-context.js';
import type { ChatCompletionRequest } from '../gateway/chat-completion-request.js';
import type { Queryable } from '../platform/database.js';
import { completionSize } from '../quotas/run-size.js';
import { startOf } from './create-run.js';
import type { RunLimits } from '../runs/limits.js';
import { admitting, decide, START } from './verdict.js';
import type { RunContext, RunRequest } from '../runs/run.js';
import type { Dispatch } from '../jobs/run-queue.js';

/** A request to the gateway before its run exists. */
export interface CompletionRequest {
  /** The caller chooses the id, so that readers can join before anything is stored. */
  readonly runId: string;
  readonly completion: ChatCompletionRequest;
  readonly context: RunContext;
}

/** A completion has no assistant. */
const NO_ASSISTANT = '';

const ADMIT = admitting(
  'admit-gateway',
  { first: 7, tenant: '$2', owner: '$3' },
  ({ tables, columns, values, quota }) => `
    WITH ${tables}, created AS (
      INSERT INTO runs (id, tenant_id, owner_id, trigger, assistant_id, request, context, takes_turn, dispatch,
                        dispatched_at${columns})
      SELECT $1, $2, $3, 'gateway.chat', $4, $5::json, $6::jsonb, false, CASE WHEN has_room THEN 1 ELSE 0 END,
             CASE WHEN has_room THEN now() END${values}
      FROM verdict WHERE refused IS NULL
    )
    SELECT refused, has_room AS "startsNow"${quota} FROM verdict`,
  START,
);

/**
 * Stores the run as `queued`, within the limits that turns have. The row holds the whole request until the run has settled.
 * Returns undefined when it has to wait for other runs of its owner. Throws `AppError` `limit.user`,
 * `limit.tenant`, `limit.server` or `quota.exceeded`.
 */
export async function admitCompletion(
  db: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  asked: CompletionRequest,
): Promise<Dispatch | undefined> {
  const { runId, completion, context } = asked;
  const request: RunRequest = { model: completion.model, completion };
  const values = [runId, auth.tenantId, auth.userId, NO_ASSISTANT, JSON.stringify(request), JSON.stringify(context)];
  return startOf(runId, await decide(db, ADMIT, { limits, auth, size: () => completionSize(completion) }, values));
}
