import { Injectable } from '@nestjs/common';
import { AttachmentFiles, Database, Logger } from '#runtime';
import { claimOrphanSweep, sweepOrphans } from '#runtime/worker';

/** How often it is asked whether a sweep is due, which all workers share. */
const ASK_EVERY_MS = 300_000;
/** Of ids in one line of the log. */
const MAX_LISTED = 50;

/** Compares the stored files with the records twice a day, in whichever worker comes first. */
@Injectable()
export class OrphanSweep {
  private timer: NodeJS.Timeout | undefined;
  private readonly stopped = new AbortController();
  private isRunning = false;

  constructor(
    private readonly db: Database,
    private readonly files: AttachmentFiles,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), ASK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopped.abort();
  }

  private async tick(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      if (await claimOrphanSweep(this.db)) await this.sweep();
    } catch (error) {
      this.logger.warn({ err: error }, 'cannot compare the stored files with the records');
    } finally {
      this.isRunning = false;
    }
  }

  private async sweep(): Promise<void> {
    const { removed, missing } = await sweepOrphans(this.db, this.files, this.stopped.signal);
    if (removed > 0) this.logger.info({ removed }, 'removed files without a record');
    if (missing.length === 0) return;
    const listed = missing.slice(0, MAX_LISTED);
    this.logger.error(
      { count: missing.length, attachments: listed },
      'the bytes of attachments are missing in the store',
    );
  }
}
