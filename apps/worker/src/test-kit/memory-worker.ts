import type { AssistantDefinition, AssistantStore } from '#chatkit';
import type { AuthContext, Database, EventEngine, Logger, PrismaThreadStore, UsageStore } from '#runtime';
import type { Claim, Outcome, RunExecution, RunPublisher } from '#runtime/worker';
import { makeAssistant } from '../assistants/assistant.js';
import { Assistants } from '../assistants/assistants.js';
import { ActiveRuns } from '../attempt/active-runs.js';
import { AttemptRunner } from '../attempt/attempt-runner.js';
import { ProviderNames } from '../attempt/provider-names.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import { assistantStore } from '../context/assistant-store.js';
import { AttachmentBudget } from '../context/attachment-budget.js';
import { Hooks } from '../hooks/hooks.js';
import type { ModelMetrics } from '../metrics/model-metrics.js';
import type { RunMetrics } from '../metrics/run-metrics.js';
import type { TenantModels } from '../providers/tenant-models.js';
import { ThreadTitles } from '../turn/thread-titles.js';
import { TurnRunner } from '../turn/turn-runner.js';
import type { MemoryThreads } from './memory-threads.js';
import type { ScriptedModels } from './model-script.js';

/** How long a turn may take; a test that waits longer has a tool that does not end. */
const RUN_MS = 60_000;
const FILE_BYTES = 256 * 1024 * 1024;

export const ASSISTANT_ID = 'default';

/** What one turn has written. */
export interface WrittenRun {
  frames: string;
  outcome: Outcome | undefined;
}

interface Parts {
  readonly definition: AssistantDefinition;
  readonly threads: MemoryThreads;
  readonly models: ScriptedModels;
  readonly logger: Logger;
}

/**
 * The worker's own runner of turns, with memory where it has Postgres, Redis and BullMQ. These parts have only the methods
 * that a turn calls, which the casts say.
 */
export class MemoryWorker {
  readonly active = new ActiveRuns();
  readonly #runner: TurnRunner;
  #written: WrittenRun = { frames: '', outcome: undefined };

  constructor(private readonly parts: Parts) {
    const { definition, models, logger } = parts;
    const threads = parts.threads as unknown as PrismaThreadStore;
    const settings = {
      workerId: 'test',
      concurrency: 1,
      graceMs: 0,
      runMs: RUN_MS,
      attachmentBytes: FILE_BYTES,
      distinguishesUsers: false,
    };
    const clock = { now: () => new Date() } as Database['clock'];
    const execution = this.#execution() as unknown as RunExecution;
    const engine = { log: { readAfter: async () => [] } } as unknown as EventEngine;
    const contexts = new AssistantContexts(
      threads,
      parts.threads.files as unknown as ConstructorParameters<typeof AssistantContexts>[1],
      new AttachmentBudget(settings),
      engine,
    );
    const usage = { book: async () => undefined, add: async () => undefined } as unknown as UsageStore;
    const attempts = new AttemptRunner(
      this.active,
      this.#publisher() as unknown as RunPublisher,
      engine,
      execution,
      usage,
      settings,
      clock,
      { begin: () => ({ settled: ignore, lost: ignore }) } as unknown as RunMetrics,
      { attempt: ignore } as unknown as ModelMetrics,
      new ProviderNames([]),
      logger,
    );
    this.#runner = new TurnRunner(
      attempts,
      new Assistants([makeAssistant(ASSISTANT_ID, definition)], ASSISTANT_ID),
      { of: async () => models } as unknown as TenantModels,
      new Hooks(undefined),
      execution,
      { clock, of: () => this.#turnRows() } as unknown as Database,
      threads,
      contexts,
      new ThreadTitles(contexts, threads, { titles: false }),
    );
  }

  /** Does the turn as a worker does it that has claimed it. */
  async run(claim: Claim): Promise<WrittenRun> {
    const written: WrittenRun = { frames: '', outcome: undefined };
    this.#written = written;
    await this.#runner.run(claim);
    return written;
  }

  storeOf(auth: AuthContext): AssistantStore {
    const { threads } = this.parts;
    return assistantStore({ store: threads, files: threads.files, forgetLogs: async () => undefined }, auth);
  }

  /** The claim brings the history; only a turn that is longer than its window is read again. */
  #turnRows() {
    return {
      query: async ({ values: [threadId] }: { readonly values: readonly string[] }) => {
        const { rows } = this.parts.threads.history(threadId ?? '');
        const begins = rows.findIndex(({ type }) => type === 'user_message');
        return { rows: begins < 0 ? [] : rows.slice(0, begins + 1) };
      },
    };
  }

  #execution(): Partial<Record<keyof RunExecution, unknown>> {
    const { threads } = this.parts;
    return {
      beginTool: async () => true,
      storeItem: async (_claim: Claim, item: Parameters<MemoryThreads['put']>[0]) => {
        threads.put(item);
        return item;
      },
      removeItems: async ({ threadId }: Claim, ids: readonly string[]) => {
        threads.remove(threadId, ids);
        return true;
      },
      settle: async (_claim: Claim, outcome: Outcome, items: readonly Parameters<MemoryThreads['put']>[0][]) => {
        for (const item of items) threads.put(item);
        this.#written.outcome = outcome;
        return new Map(items.map(({ id, created_at }) => [id, created_at]));
      },
      releaseNext: async () => undefined,
    };
  }

  #publisher(): Partial<Record<keyof RunPublisher, unknown>> {
    const write = (frame: string): void => void (this.#written.frames += frame);
    const notes = {
      itemOpened: ignore,
      itemChanged: ignore,
      itemClosed: ignore,
      itemWithdrawn: ignore,
      eventStays: ignore,
    };
    const writer = { write, writeLast: write, ...notes, end: async () => undefined };
    return { open: () => writer, close: ignore, refreshReaders: async () => undefined };
  }
}

const ignore = (): void => undefined;
