import { Injectable } from '@nestjs/common';
import { unlessAborted } from '#providers';
import { TenantModels } from '../providers/tenant-models.js';
import { Database, PrismaThreadStore } from '#runtime';
import { type Claim, RunExecution } from '#runtime/worker';
import { Assistants } from '../assistants/assistants.js';
import { AttemptRunner } from '../attempt/attempt-runner.js';
import type { AttemptEnd } from '../attempt/attempt-end.js';
import { callerOf } from '../attempt/caller-of.js';
import { retryWhileUnavailable } from '../attempt/retry-while-unavailable.js';
import { LEAVE_AFTER_MS } from '../attempt/leave-after.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import { TurnEnd } from '../context/turn-end.js';
import { Hooks } from '../hooks/hooks.js';
import { runItemStore } from '../output/item-store.js';
import { ItemTimes } from '../output/item-times.js';
import { TurnOutput } from '../output/turn-output.js';
import { cancelled, completed, failed, type HeldItem } from './endings.js';
import { prepareTurn } from './prepare-turn.js';
import { respond } from './respond.js';
import { retainedItems } from './retained-items.js';
import { ThreadTitles } from './thread-titles.js';
import { ToolInterruptedError } from './tool-interrupted-error.js';
import type { TurnAttempt } from './turn-attempt.js';
import { withdrawEarlierAttempts } from './withdraw-earlier-attempts.js';

const NO_MODELS: TurnAttempt['models'] = {
  resolve: () => {
    throw new Error('the keys of the tenant are not loaded');
  },
};

/** Does a claimed turn, from its context to its end; what any run needs is in {@link AttemptRunner}. */
@Injectable()
export class TurnRunner {
  constructor(
    private readonly attempts: AttemptRunner,
    private readonly assistants: Assistants,
    private readonly tenants: TenantModels,
    private readonly hooks: Hooks,
    private readonly execution: RunExecution,
    private readonly db: Database,
    private readonly store: PrismaThreadStore,
    private readonly contexts: AssistantContexts,
    private readonly titles: ThreadTitles,
  ) {}

  run(claim: Claim): Promise<AttemptEnd> {
    const turn = this.begin(claim);
    let held: HeldItem;
    return this.attempts.run(turn, {
      answer: async () => {
        try {
          await this.answer(turn);
        } finally {
          held = await turn.output.finish();
        }
      },
      completed: () => completed(turn, held),
      cancelled: async () => cancelled(turn, await retainedItems(this.contexts, turn), held),
      failed: (error) => failed(turn, error, held, claim.context.showCauses === true),
      // The reader that stopped the answer has left; the thread gets its title all the same.
      afterCommit: (state) => (state === 'cancelled' ? void this.titles.save(turn) : this.titles.show(turn)),
    });
  }

  private begin(claim: Claim): TurnAttempt {
    const attempt = this.attempts.begin(claim);
    const { run, writer } = attempt;
    const times = new ItemTimes(this.db.clock);
    const store = runItemStore(this.execution, run, times);
    const output = new TurnOutput(writer, store, run.signal, claim.threadId, times);
    return { ...attempt, models: NO_MODELS, output, end: new TurnEnd() };
  }

  private async answer(turn: TurnAttempt): Promise<void> {
    const { claim, signal } = turn.run;
    const assistant = this.assistants.get(claim.assistantId);
    turn.assistant = assistant;
    const { db, store, contexts } = this;
    const [prepared] = await Promise.all([
      prepareTurn({ db, store, contexts }, turn, assistant),
      this.prepareReaders(turn),
      this.loadModels(turn),
    ]);
    turn.items = prepared.items;
    signal.throwIfAborted();
    if (claim.toolBegan) throw new ToolInterruptedError();
    turn.title = this.titles.start(turn, assistant, prepared.items);
    await unlessAborted(signal, respond(this.execution, turn, assistant, prepared), LEAVE_AFTER_MS);
  }

  /** As the history, for as long as Postgres is unavailable. @throws Error for a key that cannot be decrypted */
  private async loadModels(turn: TurnAttempt): Promise<void> {
    const { claim, signal } = turn.run;
    const registry = await retryWhileUnavailable(() => this.tenants.of(claim.tenantId), { signal });
    turn.models = this.hooks.over(registry, callerOf(claim), turn.logger);
  }

  private async prepareReaders(turn: TurnAttempt): Promise<void> {
    const earlier = await this.attempts.prepareReaders(turn);
    if (earlier) withdrawEarlierAttempts(earlier, turn.run.claim, turn.writer);
  }
}
