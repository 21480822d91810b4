import { fileVariables } from '../../environment/file-variables.js';
import type { Environment } from '../../environment/parse-environment.js';
import { proxyOf } from '../../platform/proxy.js';

/** An object store that speaks Amazon's S3 protocol. */
export interface S3Settings {
  /** Absent: Amazon's own, by the region. */
  readonly endpoint: string | undefined;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The HTTP proxy on the way to it, with its credentials. Absent: none. */
  readonly proxy?: string | undefined;
}

type Variable = keyof typeof fileVariables;
const REQUIRED = ['S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
const NAMES = Object.keys(fileVariables) as Variable[];

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

/** Undefined: attachments are on the disk. The proxy is that of the process's environment, by HTTPS_PROXY and NO_PROXY. */
export function s3Settings(variables: Readonly<Partial<Record<Variable, string | undefined>>>): S3Settings | undefined {
  const { S3_BUCKET: bucket, S3_REGION: region } = variables;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (!bucket || !region || !accessKeyId || !secretAccessKey) return undefined;
  const endpoint = variables.S3_ENDPOINT;
  const proxy = proxyOf(endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`);
  return { endpoint, bucket, region, accessKeyId, secretAccessKey, ...(proxy !== undefined && { proxy }) };
}
