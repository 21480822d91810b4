import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../errors/app-error.js';
import { AttachmentFiles, type StagedFile } from './attachment-files.js';

const SAFE_ID = /^\w+$/;
const ONLY_US = { folder: 0o700, file: 0o600 };

/** Ids have no dot. */
const RENDITION = '.model';

/** Stores each attachment as one file, and its rendition as another, in the folder `attachments` of the data folder. */
export class LocalAttachmentFiles extends AttachmentFiles {
  private readonly folder: string;

  constructor(dataDir: string) {
    super();
    this.folder = join(dataDir, 'attachments');
  }

  async stage(id: string, source: Readable, maxBytes: number): Promise<StagedFile> {
    const place = this.placeOf(id);
    await mkdir(this.folder, { recursive: true, mode: ONLY_US.folder });
    const part = `${place}.${randomBytes(6).toString('hex')}.part`;
    const discard = (): Promise<void> => rm(part, { force: true });
    try {
      const file = await open(part, 'wx', ONLY_US.file);
      const size = await copy(source, file, maxBytes);
      return { size, read: () => readFile(part), keep: () => rename(part, place), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async read(
    id: string,
    view: 'upload' | 'model' = 'upload',
  ): Promise<{ readonly size: number; readonly stream: Readable } | undefined> {
    const place = this.placeOf(id);
    const rendition = view === 'model' ? await openIfThere(place + RENDITION) : undefined;
    const file = rendition ?? (await openIfThere(place));
    if (!file) return undefined;
    const { size } = await file.stat();
    return { size, stream: file.createReadStream() };
  }

  async saveRendition(id: string, bytes: Uint8Array): Promise<void> {
    const place = this.placeOf(id) + RENDITION;
    const part = `${place}.${randomBytes(6).toString('hex')}.part`;
    try {
      await writeFile(part, bytes, { mode: ONLY_US.file, flag: 'wx', flush: true });
      await rename(part, place);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async delete(id: string): Promise<void> {
    const place = this.placeOf(id);
    await rm(place, { force: true });
    await rm(place + RENDITION, { force: true });
  }

  private placeOf(id: string): string {
    if (!SAFE_ID.test(id)) throw new AppError('attachment.not_found', 'There is no such attachment.');
    return join(this.folder, id);
  }
}

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const openIfThere = (place: string): Promise<FileHandle | undefined> => open(place, 'r').catch(undefinedIfAbsent);

/** Closes the file, also after a failure. */
async function copy(source: Readable, file: FileHandle, maxBytes: number): Promise<number> {
  let size = 0;
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      await file.writeFile(chunk);
    }
    await file.sync();
    return size;
  } finally {
    await file.close();
  }
}

/** The refusal of a file whose actual or declared size is too large. */
export const tooLarge = (maxBytes: number): AppError =>
  new AppError('attachment.too_large', `A file may have ${Math.floor(maxBytes / 1024 / 1024)} MB at most.`);
