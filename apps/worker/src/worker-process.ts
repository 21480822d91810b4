import { Injectable } from '@nestjs/common';
import { Logger } from '#runtime';
import { RunExecution } from '#runtime/worker';
import { ActiveRuns } from './attempt/active-runs.js';
import { WorkerSettings } from './worker-settings.js';
import { Beat } from './background/beat.js';
import { ControlChannel } from './background/control-channel.js';
import { LoadReport } from './background/load-report.js';
import { OrphanSweep } from './background/orphan-sweep.js';
import { Sweeper } from './background/sweeper.js';
import { CataloguePublisher } from './catalogue/catalogue-publisher.js';
import { HealthServer } from './monitoring/health-server.js';
import { QueueWorkers } from './jobs/queue-workers.js';

/** How long handing runs over may take, and closing everything after it. */
const HAND_OVER_MS = 3_000;
export const CLOSE_WITHIN_MS = HAND_OVER_MS + 5_000;

/** The order in which a worker starts and stops. */
@Injectable()
export class WorkerProcess {
  constructor(
    private readonly control: ControlChannel,
    private readonly catalogue: CataloguePublisher,
    private readonly beat: Beat,
    private readonly load: LoadReport,
    private readonly sweeper: Sweeper,
    private readonly orphans: OrphanSweep,
    private readonly queues: QueueWorkers,
    private readonly health: HealthServer,
    private readonly active: ActiveRuns,
    private readonly execution: RunExecution,
    private readonly settings: WorkerSettings,
    private readonly logger: Logger,
  ) {}

  get healthUrl(): string | undefined {
    return this.health.url;
  }

  get defaultModel(): string {
    return this.catalogue.defaultModel;
  }

  /** Answers in progress. */
  get underWay(): number {
    return this.active.underWay;
  }

  /** Everything that a turn needs first, the first job last. */
  async start(): Promise<void> {
    await this.health.start();
    await this.execution.forgetUnusedQuotas();
    await this.control.start();
    await this.catalogue.start();
    this.beat.start();
    this.load.start();
    this.sweeper.start();
    this.orphans.start();
    await this.queues.start();
    this.health.isTaking = true;
  }

  /** Takes no more jobs, lets runs finish within the grace period, and hands the rest over to other workers. */
  async stop(): Promise<void> {
    this.load.announceStop();
    this.health.isTaking = false;
    await this.queues.pause();
    this.sweeper.stop();
    this.orphans.stop();
    this.catalogue.stopWatching();
    await this.active.idle(this.settings.graceMs);
    this.active.stopAll('shutdown');
    await this.queues.close({ isIdle: await this.active.idle(HAND_OVER_MS) });
    this.beat.stop();
    this.load.stop();
    await Promise.allSettled([this.control.stop(), this.catalogue.withdraw(), this.health.stop()]);
    this.logger.info({ swept: this.sweeper.totals }, 'worker stopped');
  }
}
