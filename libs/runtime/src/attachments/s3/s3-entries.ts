import type { StoredEntry } from '../attachment-files.js';
import { entryOf } from './s3-keys.js';
import type { S3Objects } from './s3-objects.js';

/** Our objects whose keys begin with this. */
export async function* entriesUnder(objects: S3Objects, prefix: string): AsyncIterable<StoredEntry> {
  for await (const { key, modifiedAt } of objects.list(prefix)) {
    const entry = entryOf(key);
    if (entry) yield { ...entry, modifiedAt, remove: () => objects.delete(key) };
  }
}
