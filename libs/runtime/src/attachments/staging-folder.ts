import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../errors/app-error.js';

/** The end of the name of a file that is being received. */
export const PART = '.part';
const ONLY_US = { folder: 0o700, file: 0o600 };
const HEAD_BYTES = 1024 * 1024;
const SAFE_ID = /^\w+$/;

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
  constructor(readonly folder: string) {}

  /** As `AttachmentFiles.stage`. The bytes are on the disk when this returns. */
  async receive(id: string, source: Readable, maxBytes: number): Promise<ReceivedFile> {
    const path = `${await this.placeFor(id)}.${randomBytes(6).toString('hex')}${PART}`;
    const discard = (): Promise<void> => rm(path, { force: true });
    try {
      const { size, head } = await copy(source, await open(path, 'wx', ONLY_US.file), maxBytes);
      return { path, size, head, read: () => readFile(path), discard };
    } catch (error) {
      await discard();
      throw error;
    }
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
  return new AppError('attachment.too_large', `A file may have ${most} at most.`);
}
