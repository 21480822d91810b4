import type { FileStoreSettings } from '#runtime';
import type { S3Server } from './s3-server.js';

type Reachable = Pick<S3Server, 'endpoint' | 'bucket' | 'credentials'>;

/** The settings of an object store of a test. */
export const s3StoreOf = ({ endpoint, bucket, credentials }: Reachable): NonNullable<FileStoreSettings['s3']> => ({
  endpoint,
  bucket,
  region: credentials.region,
  accessKeyId: credentials.accessKeyId,
  secretAccessKey: credentials.secretAccessKey,
});
