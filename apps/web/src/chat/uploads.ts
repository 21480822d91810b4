import type { ComposerRequests } from '../protocol/composer-requests.js';
import type { Attachment } from '../protocol/items/attachment.js';
import type { UploadStrategy } from '../protocol/page-config.js';
import type { SendOptions } from '../protocol/send-file.js';

type Requests = Pick<ComposerRequests, 'announceFile' | 'sendFile' | 'deleteAttachment'>;

/** Files on their way to the server. */
export class Uploads {
  constructor(
    private readonly requests: Requests,
    private readonly strategy: () => UploadStrategy,
  ) {}

  /**
   * Rejects with `RequestError`, or with the signal's reason. A file that was announced is deleted from the server then; one
   * that was sent without (`direct`) may have arrived, and the server deletes it within a day.
   */
  async upload(file: File, options: SendOptions): Promise<Attachment> {
    const strategy = this.strategy();
    if (strategy.type === 'two_phase') return this.#announceAndSend(file, options);
    const target = { url: strategy.uploadUrl, method: 'POST', headers: {} } as const;
    const attachment = await this.requests.sendFile(target, file, options);
    if (!attachment) throw new Error('The answer to an upload is no attachment.');
    return attachment;
  }

  async #announceAndSend(file: File, options: SendOptions): Promise<Attachment> {
    const { attachment, target } = await this.requests.announceFile(file, options.signal);
    try {
      options.signal.throwIfAborted();
      return (await this.requests.sendFile(target, file, options)) ?? attachment;
    } catch (error) {
      this.discard(attachment.id);
      throw error;
    }
  }

  /** What cannot be deleted now, the server deletes within a day. */
  discard(id: string): void {
    this.requests.deleteAttachment(id).catch(() => undefined);
  }
}
