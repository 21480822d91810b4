import type { AssistantContext, ThreadItem, ThreadMetadata } from '#chatkit';
import type { Database, ThreadStore } from '#runtime';
import { loadHistory } from '#runtime/worker';
import type { Assistant } from '../assistants/assistant.js';
import { authOf, callerOf } from '../attempt/caller-of.js';
import { retryWhileUnavailable } from '../attempt/retry-while-unavailable.js';
import type { RunFiles } from '../context/attachment-budget.js';
import type { AssistantContexts } from '../context/assistant-contexts.js';
import type { OpenForModel } from '../context/read-for-model.js';
import { generator } from '../context/generate-text.js';
import type { TurnAttempt } from './turn-attempt.js';

/** What a turn is answered from, read from the store. */
export interface PreparedTurn {
  readonly base: AssistantContext;
  readonly thread: ThreadMetadata;
  /** The newest items up to this turn, oldest first. */
  readonly items: readonly ThreadItem[];
  readonly openForModel: OpenForModel;
}

export interface PrepareTurnDeps {
  readonly db: Database;
  readonly store: Pick<ThreadStore, 'loadThread'>;
  readonly contexts: AssistantContexts;
}

/** Reads the history, and the thread where any code may look at it. */
export async function prepareTurn(
  { db, store, contexts }: PrepareTurnDeps,
  turn: TurnAttempt,
  assistant: Assistant,
): Promise<PreparedTurn> {
  const { claim, signal } = turn.run;
  const read = () =>
    Promise.all([
      loadHistory(db.of(authOf(claim)), claim, assistant.historyItems),
      assistant.hasCode ? store.loadThread(authOf(claim), claim.threadId) : unread(claim.threadId),
    ]);
  const [items, thread] = await retryWhileUnavailable(read, { signal });
  const held = heldBy(contexts, turn, signal);
  const base = baseContext(contexts, turn, assistant, { signal, held });
  return { base, thread, items, openForModel: contexts.openForModel(authOf(claim), signal, held) };
}

const heldBy = (contexts: AssistantContexts, { run }: TurnAttempt, signal: AbortSignal): RunFiles =>
  contexts.filesOf(authOf(run.claim), signal, (release) => run.whenOver(release));

interface BaseOptions {
  readonly signal: AbortSignal;
  readonly isBackground?: boolean;
  /** The files of the run, where something else of it has some in memory. */
  readonly held?: RunFiles;
}

/** The part of the context that needs no stream; its model calls are booked on the turn. */
export function baseContext(
  contexts: AssistantContexts,
  turn: TurnAttempt,
  assistant: Assistant,
  { signal, isBackground = false, held = heldBy(contexts, turn, signal) }: BaseOptions,
): AssistantContext {
  const { run, logger, meter, onFrame, trace } = turn;
  const { claim } = run;
  return contexts.create({
    assistantId: assistant.id,
    auth: authOf(claim),
    locale: claim.context.locale,
    headers: claim.context.headers ?? {},
    signal,
    isTooLate: () => run.isOver && run.signal.aborted,
    held,
    logger,
    generate: generator((name) => turn.models.resolve(name ?? configuredModel(assistant)), signal, {
      caller: callerOf(claim),
      record: meter.record,
      isBackground,
      onFrame,
      observe: trace?.observe,
    }),
  });
}

const configuredModel = ({ definition }: Assistant): string | undefined =>
  typeof definition.model === 'string' ? definition.model : undefined;

/** Stands for a thread that no code of this assistant can look at. */
const unread = (id: string): ThreadMetadata => ({
  id,
  created_at: new Date(0).toISOString(),
  status: { type: 'active' },
  metadata: {},
});
