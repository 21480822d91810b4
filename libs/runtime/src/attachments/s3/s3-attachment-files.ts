import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  AttachmentFiles,
  type DirectTransfer,
  type FileView,
  type Renditions,
  type StagedFile,
  type StoredEntry,
  type StoredFile,
} from '../attachment-files.js';
import { IDLE_IN_TRANSACTION_MS } from '../../platform/session.js';
import { safeId, type StagingFolder } from '../staging-folder.js';
import { VIEWS_OF } from '../views.js';
import { S3Direct } from './s3-direct.js';
import { KEPT, keyOf, STAGED, stagedKey } from './s3-keys.js';
import { entriesUnder } from './s3-entries.js';
import type { S3Objects } from './s3-objects.js';

const MADE = ['model', 'preview'] as const;
/** A transaction waits for it, which Postgres ends when it waits for too long. */
const KEEP_WITHIN_MS = IDLE_IN_TRANSACTION_MS - 1_000;

export interface S3Options {
  /** Browsers reach the store, and send it bytes and get them from it without us. */
  readonly direct: boolean;
  readonly keepWithinMs?: number | undefined;
}

/**
 * Stores each attachment as an object of a bucket. What is received is on this machine's disk until it is known what it is, and
 * passes through memory in small pieces.
 */
export class S3AttachmentFiles extends AttachmentFiles {
  override readonly direct: DirectTransfer | undefined;
  private readonly keepWithinMs: number;

  constructor(
    private readonly objects: S3Objects,
    private readonly staging: StagingFolder,
    { direct, keepWithinMs = KEEP_WITHIN_MS }: S3Options,
  ) {
    super();
    this.keepWithinMs = keepWithinMs;
    this.direct = direct ? new S3Direct(objects) : undefined;
  }

  async stage(id: string, source: Readable, maxBytes: number): Promise<StagedFile> {
    const { path, ...received } = await this.staging.receive(id, source, maxBytes);
    const staged = `${stagedKey(id)}.${randomBytes(6).toString('hex')}`;
    return {
      ...received,
      // A transaction waits for `keep`: what takes long is done before it.
      prepare: () => this.objects.put(staged, createReadStream(path), received.size),
      keep: async (renditions) => {
        const signal = AbortSignal.timeout(this.keepWithinMs);
        const copied = this.objects.copy(staged, keyOf(id, 'upload'), signal);
        await Promise.all([copied, ...this.saveRenditions(id, renditions, signal)]);
      },
      discard: async () => {
        await Promise.all([received.discard(), this.objects.delete(staged)]);
      },
    };
  }

  async read(id: string, view: FileView = 'upload'): Promise<StoredFile | undefined> {
    safeId(id);
    for (const stored of VIEWS_OF[view]) {
      const file = await this.objects.get(keyOf(id, stored));
      if (file) return { ...file, mediaType: stored === 'upload' ? undefined : file.mediaType };
    }
    return undefined;
  }

  async delete(id: string): Promise<void> {
    safeId(id);
    const keys = [keyOf(id, 'upload'), ...MADE.map((view) => keyOf(id, view))];
    // A process that was killed while it looked at an upload has left that under a key that only it knew.
    for await (const entry of this.of(id, STAGED)) await entry.remove();
    await Promise.all(keys.map((key) => this.objects.delete(key)));
  }

  async has(id: string): Promise<boolean> {
    return (await this.objects.head(keyOf(safeId(id), 'upload'))) !== undefined;
  }

  async holds(id: string): Promise<boolean> {
    safeId(id);
    for (const folder of [KEPT, STAGED]) for await (const _ of this.of(id, folder)) return true;
    return false;
  }

  async *list(): AsyncIterable<StoredEntry> {
    for (const folder of [KEPT, STAGED]) yield* entriesUnder(this.objects, folder);
  }

  removeAbandoned(): Promise<number> {
    return this.staging.removeAbandoned();
  }

  check(): Promise<void> {
    return this.objects.check();
  }

  private async *of(id: string, folder: string): AsyncIterable<StoredEntry> {
    for await (const entry of entriesUnder(this.objects, `${folder}${id}`)) if (entry.attachmentId === id) yield entry;
  }

  private saveRenditions(id: string, renditions: Renditions, signal: AbortSignal): Promise<void>[] {
    return MADE.map((view) => {
      const made = renditions[view];
      if (!made) return this.objects.delete(keyOf(id, view), signal);
      return this.objects.putBytes(keyOf(id, view), made.bytes, made.mediaType, signal);
    });
  }
}
