import { join } from 'node:path';
import type { AttachmentFiles } from './attachment-files.js';
import { LocalAttachmentFiles } from './local-attachment-files.js';
import { S3AttachmentFiles } from './s3/s3-attachment-files.js';
import { S3Objects } from './s3/s3-objects.js';
import type { S3Settings } from './s3/s3-settings.js';
import { StagingFolder } from './staging-folder.js';

/** Where the bytes of attachments are. */
export interface FileStoreSettings {
  readonly dataDir: string;
  /** Absent: in the data folder. */
  readonly s3: S3Settings | undefined;
  /** Browsers reach the object store themselves. */
  readonly direct: boolean;
}

export function createAttachmentFiles({ dataDir, s3, direct }: FileStoreSettings): AttachmentFiles {
  if (!s3) return new LocalAttachmentFiles(dataDir);
  return new S3AttachmentFiles(new S3Objects(s3), new StagingFolder(join(dataDir, 'uploads')), { direct });
}
