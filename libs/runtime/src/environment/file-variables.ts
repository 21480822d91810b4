import { z } from 'zod';
import { httpUrl } from './schemas.js';
import { variable } from './variable.js';

const both = ['api', 'worker'] as const;

/** Of the store of uploaded files; all that are set must be right, and then all but the endpoint must be set. */
export const fileVariables = {
  S3_BUCKET: variable({
    schema: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i, 'must be the name of a bucket, without its address')
      .optional(),
    readBy: both,
    description: 'The bucket for uploaded files ([attachments](attachments.md#where-the-bytes-are))',
    example: 'chatkit-files',
    unset: 'they are in `DATA_DIR`',
  }),
  S3_REGION: variable({
    schema: z
      .string()
      .regex(/^[a-z0-9-]+$/i, 'must be the name of a region, such as us-east-1')
      .optional(),
    readBy: both,
    description: 'The region of the bucket, or `us-east-1` for a store that has none',
    example: 'eu-central-1',
  }),
  S3_ACCESS_KEY_ID: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'The name of a key that may read, write, list and delete in the bucket',
    example: 'AKIAEXAMPLE',
  }),
  S3_SECRET_ACCESS_KEY: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'That key itself',
    example: 'replace-me-with-the-secret-of-the-key',
    isSecret: true,
  }),
  S3_ENDPOINT: variable({
    schema: httpUrl('must be the URL of an object store: https://host, or http://host:port').optional(),
    readBy: both,
    description: 'The address of a store that speaks Amazon’s S3 protocol',
    example: 'https://minio.example.com',
    unset: 'Amazon’s own, by the region',
  }),
};
