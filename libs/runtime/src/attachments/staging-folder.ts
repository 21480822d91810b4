import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../errors/app-error.js';

/** The end of the name of a file that is being received. */
export const PART = '.part';
const ONLY_US = { folder: 0o700, file: 0o600 };
const HEAD_BYTES = 1024 * 1024;
const SAFE_ID = /^\w+$/;
/** The name of such a file: the attachment's id, what it is of it, and what keeps two of them apart. */
const PART_NAME = /^\w+(?:\.\w+)*\.part$/;

/** How often a process marks the file of an upload that it still has in hand, also while that waits to be inspected. */
const MARK_EVERY_MS = 60_000;
/** Without a mark for this long, its process is dead. The clocks of processes that share a disk may differ by less. */
const ABANDONED_AFTER_MS = 30 * 60_000;

/** A file on this machine that holds an upload until it is known what it is. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
  readonly head: Buffer;
  read(): Promise<Buffer>;
  discard(): Promise<void>;
}

/** A folder for uploads while they are received and inspected. */
export class StagingFolder {
  constructor(
    readonly folder: string,
    private readonly markEveryMs = MARK_EVERY_MS,
  ) {}

  /** As `AttachmentFiles.stage`. The bytes are on the disk when this returns. */
  async receive(id: string, source: Readable, maxBytes: number): Promise<ReceivedFile> {
    const path = `${await this.placeFor(id)}.${randomBytes(6).toString('hex')}${PART}`;
    const unmark = marking(path, this.markEveryMs);
    const discard = (): Promise<void> => {
      unmark();
      return rm(path, { force: true });
    };
    try {
      const { size, head } = await copy(source, await open(path, 'wx', ONLY_US.file), maxBytes);
      return { path, size, head, read: () => readFile(path), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  /**
   * Deletes what processes that died have left of uploads, half an hour after their death. Any number of processes may do it
   * at once on a disk that they share: the files of uploads that go on are marked by theirs. Returns how many.
   */
  async removeAbandoned(): Promise<number> {
    const before = Date.now() - ABANDONED_AFTER_MS;
    const folder = await opendir(this.folder).catch(undefinedIfAbsent);
    let removed = 0;
    for await (const { name } of folder ?? []) {
      if (!PART_NAME.test(name)) continue;
      const path = join(this.folder, name);
      const file = await stat(path).catch(undefinedIfAbsent);
      if (!file?.isFile() || file.mtimeMs >= before) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  /** The path of a file of this attachment, in a folder that exists. */
  async placeFor(id: string): Promise<string> {
    const place = this.placeOf(id);
    await mkdir(this.folder, { recursive: true, mode: ONLY_US.folder });
    return place;
  }

  placeOf(id: string): string {
    return join(this.folder, safeId(id));
  }
}

/** Throws `AppError` `attachment.not_found` for what is no id of ours: it may come from a URL. */
export function safeId(id: string): string {
  if (!SAFE_ID.test(id)) throw new AppError('attachment.not_found', 'There is no such attachment.');
  return id;
}

/** Marks a file as one of a living process by its time of change, until it is told to stop or the file is gone. */
function marking(path: string, everyMs: number): () => void {
  const mark = async (): Promise<void> => {
    const now = new Date();
    // What is not marked this time is marked the next.
    await utimes(path, now, now).catch(({ code }: NodeJS.ErrnoException) => code === 'ENOENT' && clearInterval(timer));
  };
  const timer = setInterval(() => void mark(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

export function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Closes the file, also after a failure. */
async function copy(source: Readable, file: FileHandle, maxBytes: number): Promise<{ size: number; head: Buffer }> {
  const beginning: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (size < HEAD_BYTES) beginning.push(chunk.subarray(0, HEAD_BYTES - size));
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      await file.writeFile(chunk);
    }
    await file.sync();
    return { size, head: Buffer.concat(beginning) };
  } finally {
    await file.close();
  }
}

/** The refusal of a file whose actual or declared size is too large. */
export function tooLarge(maxBytes: number): AppError {
  const megabytes = maxBytes / 1024 / 1024;
  const most = megabytes >= 1 ? `${Math.floor(megabytes)} MB` : `${maxBytes} bytes`;
  return new AppError('attachment.too_large', `A file may have ${most} at most (attachments.maxBytes).`);
}
