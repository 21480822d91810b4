import {
  CATALOGUE_PUBLISH_MS,
  type CatalogueStore,
  type EventEngine,
  type Logger,
  type PublishedCatalogue,
  type RunExecution,
  type RunPublisher,
  type RunQueue,
  type Unlisten,
  workerChannel,
} from '#runtime';
import type { AssistantCallProcessor } from './jobs/assistant-call.processor.js';
import type { OpenBreakers } from './providers/open-breakers.js';
import type { ProviderWatch } from './providers/provider-watch.js';
import type { RunTurnProcessor } from './jobs/run-turn.processor.js';
import type { ActiveRuns } from './attempt/active-runs.js';
import { startBeat } from './background/beat.js';
import { handleControl } from './background/control.js';
import { type SweepCounts, Sweeper } from './background/sweeper.js';

export interface WorkerProcessDeps {
  readonly workerId: string;
  readonly concurrency: number;
  /** How long runs may go on after the worker was asked to stop, in milliseconds. */
  readonly graceMs: number;
  readonly processor: RunTurnProcessor;
  readonly calls: AssistantCallProcessor;
  readonly engine: EventEngine;
  readonly lifecycle: RunExecution;
  readonly queue: Pick<RunQueue, 'ping'>;
  readonly publisher: RunPublisher;
  readonly active: ActiveRuns;
  readonly catalogues: CatalogueStore;
  readonly providers: ProviderWatch;
  readonly breakers: OpenBreakers;
  /** What this worker can do at the time of the call. */
  readonly catalogue: () => PublishedCatalogue;
  /** Deletes uploads that no message has used. Returns how many. */
  readonly removeUnusedUploads: () => Promise<number>;
  readonly logger: Logger;
}

/** Calls without a stream that one process answers side by side. */
const CALLS_AT_ONCE = 20;
/** How long giving runs back may take, and closing everything after it. */
const HAND_OVER_MS = 3_000;
export const CLOSE_WITHIN_MS = HAND_OVER_MS + 5_000;

/** What a worker does beside its jobs, and the order in which it starts and stops. */
export class WorkerProcess {
  private readonly sweeper: Sweeper;
  private stopBeat: (() => void) | undefined;
  private publishing: NodeJS.Timeout | undefined;
  private published: Promise<void> | undefined;
  private unlisten: Unlisten | undefined;

  constructor(private readonly deps: WorkerProcessDeps) {
    const { lifecycle, engine, removeUnusedUploads, logger } = deps;
    this.sweeper = new Sweeper({
      lifecycle,
      removeExpired: () => engine.removeExpired(),
      removeUnusedUploads,
      logger,
      now: () => performance.now(),
    });
  }

  get id(): string {
    return this.deps.workerId;
  }

  get defaultModel(): string {
    return this.deps.catalogue().defaultModel;
  }

  /** What this worker's sweeps have found, since it began. */
  get swept(): Readonly<SweepCounts> {
    return this.sweeper.totals;
  }

  /** Everything that a turn needs first, the first job last. */
  async start(): Promise<void> {
    const { deps } = this;
    this.unlisten = await deps.engine.bus.listen(workerChannel(deps.workerId), (message) =>
      handleControl(deps, message),
    );
    await this.publishCatalogue();
    const publish = () => void (this.published = this.publishCatalogue());
    this.publishing = setInterval(publish, CATALOGUE_PUBLISH_MS);
    deps.providers.start(publish);
    deps.breakers.start(publish);
    this.stopBeat = startBeat(deps);
    this.sweeper.start();
    await Promise.all([
      this.take(deps.processor.worker, deps.concurrency),
      this.take(deps.calls.worker, CALLS_AT_ONCE),
    ]);
  }

  private async take(worker: RunTurnProcessor['worker'], concurrency: number): Promise<void> {
    const { logger } = this.deps;
    worker.on('error', (error) => logger.warn({ err: error }, 'queue'));
    worker.on('failed', (job, error) => logger.error({ err: error, job: job?.id }, 'job failed'));
    worker.concurrency = concurrency;
    worker.run().catch((error: Error) => logger.error({ err: error }, 'the queue worker has stopped'));
    await worker.waitUntilReady();
  }

  /** Takes no more jobs, lets runs finish within the grace period, and gives the rest back to the others. */
  async stop(): Promise<void> {
    const { active, processor, calls, logger, catalogues, workerId, providers, breakers, graceMs } = this.deps;
    await Promise.all([processor.worker.pause(true), calls.worker.pause(true)]);
    this.sweeper.stop();
    clearInterval(this.publishing);
    providers.stop();
    await active.idle(graceMs);
    active.stopAll('shutdown');
    const isIdle = await active.idle(HAND_OVER_MS);
    // Closing waits for the job that is just being handed out; not for work that does not hear that it is to end, nor for
    // a queue that is away.
    const mustForce = !isIdle || !(await this.queueAnswers());
    await Promise.all([processor.worker.close(mustForce), calls.worker.close(mustForce)]);
    this.stopBeat?.();
    breakers.stop();
    // What is still being published must not come after the withdrawal.
    await this.published;
    await Promise.allSettled([this.unlisten?.(), catalogues.withdraw(workerId)]);
    logger.info({ swept: this.swept }, 'worker stopped');
  }

  private async queueAnswers(): Promise<boolean> {
    return this.deps.queue.ping().then(
      () => true,
      () => false,
    );
  }

  private async publishCatalogue(): Promise<void> {
    const { catalogues, workerId, catalogue, logger } = this.deps;
    await catalogues
      .publish(workerId, catalogue())
      .catch((error: Error) => logger.warn({ err: error }, 'cannot publish the catalogue'));
  }
}
