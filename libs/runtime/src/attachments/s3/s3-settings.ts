import { z } from 'zod';
import type { Environment } from '../../platform/environment.js';

/** An object store that speaks Amazon's S3 protocol. */
export interface S3Settings {
  /** Absent: Amazon's own, by the region. */
  readonly endpoint: string | undefined;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The variables of the store; all that are set must be right, and then all but the endpoint must be set. */
export const s3Variables = {
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be the URL of an object store: https://host, or http://host:port' })
    .optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i, 'must be the name of a bucket, without its address')
    .optional(),
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/i, 'must be the name of a region, such as us-east-1')
    .optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
};

type Variable = keyof typeof s3Variables;
const REQUIRED = ['S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
const NAMES = Object.keys(s3Variables) as Variable[];

/** What an environment that names an object store in part lacks. Nothing is stored on the disk because of a typing error. */
export function s3Problems(given: Environment): string[] {
  if (!NAMES.some((name) => given[name])) return [];
  const missing = REQUIRED.filter((name) => !given[name]);
  return missing.map(
    (name) => `${name}: is required with ${NAMES.filter((other) => given[other]).join(', ')}: ${MEANINGS[name]}`,
  );
}

const MEANINGS: Record<(typeof REQUIRED)[number], string> = {
  S3_BUCKET: 'the bucket that stores attachments',
  S3_REGION: 'the region of the bucket, or us-east-1 for a store that has none',
  S3_ACCESS_KEY_ID: 'the name of a key that may read, write, list and delete in the bucket',
  S3_SECRET_ACCESS_KEY: 'the key itself',
};

/** Undefined: attachments are on the disk. */
export function s3Settings(variables: Readonly<Partial<Record<Variable, string | undefined>>>): S3Settings | undefined {
  const { S3_BUCKET: bucket, S3_REGION: region } = variables;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (!bucket || !region || !accessKeyId || !secretAccessKey) return undefined;
  return { endpoint: variables.S3_ENDPOINT, bucket, region, accessKeyId, secretAccessKey };
}
