import { Injectable } from '@nestjs/common';
import { AttachmentFiles, Logger } from '#runtime';
import { ApiConfig } from '../config.js';

/** The hosts that a page sends attachments to and shows them from, other than its own: our public address, and the object store. */
@Injectable()
export class FileOrigins {
  private loading: Promise<readonly string[]> | undefined;

  constructor(
    private readonly config: ApiConfig,
    private readonly files: AttachmentFiles,
    private readonly logger: Logger,
  ) {}

  load(): Promise<readonly string[]> {
    return (this.loading ??= this.find());
  }

  private async find(): Promise<readonly string[]> {
    const { publicUrl } = this.config;
    const own = publicUrl === undefined ? [] : [new URL(publicUrl).origin];
    const store = await this.files.direct?.origin().catch((error: unknown) => {
      // The page is served all the same; only its attachments fail, and say so. The next visit tries again.
      this.logger.error({ err: error }, 'the address of the object store is not known');
      this.loading = undefined;
      return undefined;
    });
    return store === undefined ? own : [...own, store];
  }
}
