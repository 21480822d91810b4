import type { ChatClient } from '../protocol/client.js';
import type { OpenBreaker } from '../protocol/thread-requests.js';
import type { ConversationState } from './conversation-state.js';
import { failureOf, runsOf } from './outcomes.js';
import type { Store } from './store.js';

export interface FailureCausesDeps {
  readonly client: ChatClient;
  readonly store: Store<ConversationState>;
  /** Whether the person is the operator, who is told the causes of failures. */
  readonly isLocal: () => boolean;
}

/** Tells the operator why the newest run has failed, and what to do about it. */
export class FailureCauses {
  constructor(private readonly deps: FailureCausesDeps) {}

  async show(): Promise<void> {
    const { client, store, isLocal } = this.deps;
    const { threadId, runId, problem } = store.latest;
    if (!threadId || problem?.ending !== 'failed' || problem.cause !== undefined || !isLocal()) return;
    const runs = await runsOf(client, threadId);
    const run = runs.find(({ id }) => id === runId);
    // Another turn may have begun in the meantime.
    if (!run?.failure || store.latest.problem !== problem) return;
    store.set({ problem: failureOf(run, problem.again) });
    await this.showBreakers();
  }

  /** The models that are not asked for a while, beside the cause that is shown. */
  async showBreakers(): Promise<void> {
    const { client, store } = this.deps;
    const { problem } = store.latest;
    const breakers = await client.openBreakers().catch((): readonly OpenBreaker[] => []);
    if (problem && store.latest.problem === problem) store.set({ problem: { ...problem, breakers } });
  }
}
