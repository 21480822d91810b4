import type { AssistantContext, ThreadItem, ThreadMetadata } from '#chatkit';
import { type AuthContext, type Claim, loadHistory } from '#runtime';
import { callerOf } from '../attempt/caller-of.js';
import { generator } from '../context/generate-text.js';
import type { Assistant } from '../assistants/assistant.js';
import { assistantContext } from '../context/assistant-context.js';
import type { RunTurnDeps, Turn } from './turn-attempt.js';
import { whileStoreIsAway } from '../attempt/retry-while-unavailable.js';

/** What a turn stands on, read from the store. */
export interface Ground {
  readonly base: AssistantContext;
  readonly thread: ThreadMetadata;
  /** The newest items up to this turn, oldest first. */
  readonly items: readonly ThreadItem[];
}

/** Reads the history, and the thread where any code may look at it. */
export async function prepareTurn(deps: RunTurnDeps, turn: Turn, assistant: Assistant): Promise<Ground> {
  const { claim } = turn.run;
  const auth = authOf(claim);
  const read = () =>
    Promise.all([
      loadHistory(deps.db.pool, claim, assistant.historyItems),
      assistant.hasCode ? deps.store.loadThread(auth, claim.threadId) : unread(claim.threadId),
    ]);
  const [items, thread] = await whileStoreIsAway(read, { signal: turn.run.signal });
  return { base: baseContext(deps, turn, assistant, turn.run.signal), thread, items };
}

/** The part of the context that needs no stream; its model calls are booked on the turn. */
export function baseContext(
  deps: RunTurnDeps,
  { run, logger, meter }: Turn,
  assistant: Assistant,
  signal: AbortSignal,
): AssistantContext {
  const { claim } = run;
  return assistantContext(deps, {
    assistantId: assistant.id,
    auth: authOf(claim),
    locale: claim.context.locale,
    headers: claim.context.headers ?? {},
    signal,
    logger,
    generate: generator((name) => deps.registry.resolve(name ?? configuredModel(assistant)), signal, {
      caller: callerOf(claim),
      record: meter.record,
    }),
  });
}

/** A run acts for the person who asked for it. */
export const authOf = ({ tenantId, ownerId, context, runId }: Claim): AuthContext => ({
  tenantId,
  userId: ownerId,
  requestId: context.requestId ?? runId,
});

const configuredModel = ({ definition }: Assistant): string | undefined =>
  typeof definition.model === 'string' ? definition.model : undefined;

/** Stands for a thread that nothing of this assistant can look at. */
const unread = (id: string): ThreadMetadata => ({
  id,
  created_at: new Date(0).toISOString(),
  status: { type: 'active' },
  metadata: {},
});
