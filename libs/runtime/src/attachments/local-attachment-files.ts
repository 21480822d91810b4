import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  AttachmentFiles,
  type FileView,
  type Renditions,
  type StagedFile,
  type StoredEntry,
  type StoredFile,
} from './attachment-files.js';
import { PART, StagingFolder, undefinedIfAbsent } from './staging-folder.js';
import { VIEWS_OF } from './views.js';

/** Ids have no dot. */
const SUFFIX: Record<FileView, string> = { upload: '', model: '.model', preview: '.preview' };
const MADE = ['model', 'preview'] as const;
const FILE_NAME = /^(\w+)(?:\.\w+)*$/;

/** Stores each attachment as one file, and what was made of it beside it, in the folder `attachments` of the data folder. */
export class LocalAttachmentFiles extends AttachmentFiles {
  private readonly staging: StagingFolder;

  constructor(dataDir: string) {
    super();
    this.staging = new StagingFolder(join(dataDir, 'attachments'));
  }

  async stage(id: string, source: Readable, maxBytes: number): Promise<StagedFile> {
    const place = await this.staging.placeFor(id);
    const { path, ...received } = await this.staging.receive(id, source, maxBytes);
    const keep = async (renditions: Renditions): Promise<void> => {
      await saveRenditions(place, renditions);
      await rename(path, place);
    };
    return { ...received, prepare: async () => undefined, keep };
  }

  async read(id: string, view: FileView = 'upload'): Promise<StoredFile | undefined> {
    const place = this.staging.placeOf(id);
    for (const stored of VIEWS_OF[view]) {
      const file = await open(place + SUFFIX[stored], 'r').catch(undefinedIfAbsent);
      if (file) return stored === 'upload' ? streamOf(file) : renditionOf(file);
    }
    return undefined;
  }

  async delete(id: string): Promise<void> {
    const place = this.staging.placeOf(id);
    for (const suffix of Object.values(SUFFIX)) await rm(place + suffix, { force: true });
  }

  async has(id: string): Promise<boolean> {
    return (await stat(this.staging.placeOf(id)).catch(undefinedIfAbsent)) !== undefined;
  }

  async holds(id: string): Promise<boolean> {
    this.staging.placeOf(id);
    for await (const { attachmentId } of this.list()) if (attachmentId === id) return true;
    return false;
  }

  async *list(): AsyncIterable<StoredEntry> {
    const folder = await opendir(this.staging.folder).catch(undefinedIfAbsent);
    for await (const { name } of folder ?? []) {
      const attachmentId = FILE_NAME.exec(name)?.[1];
      const path = join(this.staging.folder, name);
      const file = attachmentId && (await stat(path).catch(undefinedIfAbsent));
      if (!file || !file.isFile()) continue;
      const remove = (): Promise<void> => rm(path, { force: true });
      yield { attachmentId, modifiedAt: file.mtime, isStaged: name.endsWith(PART), remove };
    }
  }

  removeAbandoned(): Promise<number> {
    return this.staging.removeAbandoned();
  }

  async check(): Promise<void> {
    const path = join(this.staging.folder, `${randomBytes(6).toString('hex')}${PART}`);
    try {
      await mkdir(this.staging.folder, { recursive: true, mode: 0o700 });
      await writeFile(path, '', { flag: 'wx' });
    } catch (cause) {
      throw new Error(`DATA_DIR: ${this.staging.folder} must be a folder that this process may write to`, { cause });
    } finally {
      await rm(path, { force: true });
    }
  }
}

async function streamOf(file: FileHandle): Promise<StoredFile> {
  const { size } = await file.stat();
  return { size, stream: file.createReadStream({ start: 0 }) };
}

/** A rendition is a JPEG or a PNG: their first bytes differ. */
async function renditionOf(file: FileHandle): Promise<StoredFile> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
  return { ...(await streamOf(file)), mediaType: buffer[0] === 0xff ? 'image/jpeg' : 'image/png' };
}

async function saveRenditions(place: string, renditions: Renditions): Promise<void> {
  for (const view of MADE) {
    const made = renditions[view];
    if (made) await replace(place + SUFFIX[view], made.bytes);
    else await rm(place + SUFFIX[view], { force: true });
  }
}

async function replace(place: string, bytes: Uint8Array): Promise<void> {
  const part = `${place}.${randomBytes(6).toString('hex')}${PART}`;
  try {
    await writeFile(part, bytes, { mode: 0o600, flag: 'wx', flush: true });
    await rename(part, place);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
