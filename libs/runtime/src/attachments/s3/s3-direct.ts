import type {
  DirectTransfer,
  DownloadFacts,
  FileView,
  StoredEntry,
  StoredFile,
  UploadTarget,
} from '../attachment-files.js';
import { safeId } from '../staging-folder.js';
import { VIEWS_OF } from '../views.js';
import { entriesUnder } from './s3-entries.js';
import { keyOf, STAGED, stagedKey } from './s3-keys.js';
import type { S3Objects } from './s3-objects.js';

const UPLOAD_SECONDS = 900;
/** Only for the way from our answer to the store; the link to us is what lasts. */
const DOWNLOAD_SECONDS = 300;

/**
 * Bytes between browser and bucket. Uploads have keys of their own: who still has the target cannot replace what was inspected.
 */
export class S3Direct implements DirectTransfer {
  constructor(private readonly objects: S3Objects) {}

  /** Of what is signed: whether the bucket is a part of the host is decided there. */
  async origin(): Promise<string> {
    return new URL(await this.objects.presignPut(stagedKey('origin'), 0, UPLOAD_SECONDS)).origin;
  }

  async uploadTarget(id: string, size: number): Promise<UploadTarget> {
    const url = await this.objects.presignPut(stagedKey(safeId(id)), size, UPLOAD_SECONDS);
    return { url, method: 'PUT', headers: {} };
  }

  openUpload(id: string): Promise<StoredFile | undefined> {
    return this.objects.get(stagedKey(safeId(id)));
  }

  discardUpload(id: string): Promise<void> {
    return this.objects.delete(stagedKey(safeId(id)));
  }

  sent(): AsyncIterable<StoredEntry> {
    return entriesUnder(this.objects, STAGED);
  }

  async downloadUrl(
    id: string,
    view: FileView,
    facts: (mediaType: string | undefined) => DownloadFacts,
  ): Promise<string | undefined> {
    safeId(id);
    for (const stored of VIEWS_OF[view]) {
      const key = keyOf(id, stored);
      const object = await this.objects.head(key);
      if (!object) continue;
      return this.objects.presignGet(key, facts(stored === 'upload' ? undefined : object.mediaType), DOWNLOAD_SECONDS);
    }
    return undefined;
  }
}
