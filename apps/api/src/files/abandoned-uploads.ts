import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AttachmentFiles, Logger } from '#runtime';

const EVERY_MS = 10 * 60_000;

/** Removes what APIs that died have left of uploads on this disk, at the start and from then on: within an hour. */
@Injectable()
export class AbandonedUploads implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly files: AttachmentFiles,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.remove(), EVERY_MS);
    this.timer.unref();
    void this.remove();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async remove(): Promise<void> {
    try {
      const removed = await this.files.removeAbandoned();
      if (removed > 0) this.logger.info({ removed }, 'removed what killed processes had left of uploads');
    } catch (error) {
      this.logger.warn({ err: error }, 'cannot remove what killed processes have left of uploads');
    }
  }
}
