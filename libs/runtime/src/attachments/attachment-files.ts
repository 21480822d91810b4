import type { Readable } from 'node:stream';

/** Bytes that have arrived and are not in their place yet. */
export interface StagedFile {
  /** In bytes. */
  readonly size: number;
  /** Puts the bytes into their place, over what is there. All of them are there, or none. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** Where the bytes of attachments are. Ids are ours; nothing that a client wrote names a place. */
export abstract class AttachmentFiles {
  /**
   * Reads a source to its end. Throws `AppError` `attachment.too_large` when it is longer than `maxBytes`, and leaves
   * nothing then. Never destroys the source: it may be a request that has yet to be answered.
   */
  abstract stage(id: string, source: Readable, maxBytes: number): Promise<StagedFile>;
  /** Undefined when there are no bytes. The caller reads the stream to its end or destroys it. */
  abstract read(id: string): Promise<{ readonly size: number; readonly stream: Readable } | undefined>;
  /** No-op when absent. */
  abstract delete(id: string): Promise<void>;
}
