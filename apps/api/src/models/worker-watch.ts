import { Injectable } from '@nestjs/common';
import { CatalogueStore, Logger } from '#runtime';

/** Pages say within 5 s that no worker is left: 3 s until one that was killed is missed, this, and the page's own look. */
const LOOK_MS = 500;
/** The workers of a machine may start after the API. */
const FIRST_LOOK_MS = 4_000;

const HINT =
  'Messages wait until a worker takes them. Start one: npm run start:worker. If one runs, its log says why it takes nothing.';

/** Whether any worker takes jobs, and a line in the log when that changes. */
@Injectable()
export class WorkerWatch {
  /** Until the first look, and while Postgres cannot say, what was known last. */
  isServed = true;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly catalogues: CatalogueStore,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setTimeout(() => void this.look(), FIRST_LOOK_MS).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    const isServed = await this.catalogues.isServed().catch(() => this.isServed);
    if (!this.timer) return;
    if (!isServed && this.isServed) this.logger.error({ hint: HINT }, 'no worker is running');
    if (isServed && !this.isServed) this.logger.info('a worker is running again');
    this.isServed = isServed;
    this.timer = setTimeout(() => void this.look(), LOOK_MS).unref();
  }
}
