import { Injectable } from '@nestjs/common';
import { EventEngine, Logger, type OnError, type Unlisten, warnSparingly } from '#runtime';
import { decodeControl, RunPublisher, workerChannel } from '#runtime/worker';
import { ActiveRuns } from '../attempt/active-runs.js';
import { WorkerSettings } from '../worker-settings.js';

/** This worker's control channel: brings what the next beat would bring, only sooner. */
@Injectable()
export class ControlChannel {
  private unlisten: Unlisten | undefined;
  private readonly onError: OnError;

  constructor(
    private readonly engine: EventEngine,
    private readonly active: ActiveRuns,
    private readonly publisher: RunPublisher,
    private readonly settings: WorkerSettings,
    logger: Logger,
  ) {
    this.onError = warnSparingly(logger, 'cannot look up who follows the runs');
  }

  async start(): Promise<void> {
    const channel = workerChannel(this.settings.workerId);
    this.unlisten = await this.engine.bus.listen(channel, (message) => this.handle(message));
  }

  async stop(): Promise<void> {
    await this.unlisten?.();
  }

  private handle(message: Buffer): void {
    const control = decodeControl(message);
    if (!control) return;
    switch (control.type) {
      case 'stop':
        this.active.get(control.runId)?.stop('cancelled');
        return;
      case 'release': {
        const run = this.active.get(control.runId);
        if (run && run.claim.fence < control.fence) run.stop('released');
        return;
      }
      case 'reader':
        this.publisher.refreshReaders([control.runId]).catch((error: Error) => this.onError(error));
        return;
      default:
        control satisfies never;
    }
  }
}
