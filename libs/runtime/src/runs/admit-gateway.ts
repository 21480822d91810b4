import type { AuthContext } from '../auth/auth-context.js';
import type { ChatCompletionRequest } from '../gateway/chat-completion-request.js';
import type { Queryable } from '../platform/database.js';
import type { RunContext, RunRequest } from './run.js';
import type { Dispatch } from './turn-request.js';

/** A call of the gateway that somebody asks for: a run without a thread. */
export interface GatewayCall {
  /** The caller's, so that readers can join before anything is stored. */
  readonly runId: string;
  readonly completion: ChatCompletionRequest;
  readonly context: RunContext;
}

/** No assistant answers it. */
const NO_ASSISTANT = '';

/**
 * Stores the run as `queued`. The request holds the whole call until the run has settled. Whatever may refuse a call
 * (limits of a user, of a tenant, of the queue) belongs here, before the row is there.
 */
export async function admitGateway(db: Queryable, auth: AuthContext, call: GatewayCall): Promise<Dispatch> {
  const { completion } = call;
  const request: RunRequest = { model: completion.model, completion };
  await db.query({
    name: 'admit-gateway',
    text: `INSERT INTO runs (id, tenant_id, owner_id, trigger, assistant_id, request, context, takes_turn, dispatch,
                             dispatched_at)
           VALUES ($1, $2, $3, 'gateway.chat', $4, $5::json, $6::jsonb, false, 1, now())`,
    values: [
      call.runId,
      auth.tenantId,
      auth.userId,
      NO_ASSISTANT,
      JSON.stringify(request),
      JSON.stringify(call.context),
    ],
  });
  return { runId: call.runId, fence: 0, dispatch: 1 };
}
