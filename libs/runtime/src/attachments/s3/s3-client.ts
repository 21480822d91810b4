import type { S3Client } from '@aws-sdk/client-s3';
import { proxyAgents } from '../../platform/proxy-agents.js';
import type { S3Settings } from './s3-settings.js';

export type Sdk = typeof import('@aws-sdk/client-s3');

export interface LoadedClient {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/**
 * The SDK's default is 50: as many downloads whose readers take nothing would hold up everything else. How many there are is bounded
 * by the slots of users and by the budget of a worker.
 */
const CONNECTIONS = { maxSockets: Infinity } as const;

/** The SDK is loaded at the first use: an installation without an object store does not have it in memory. */
export async function connect(settings: S3Settings, connectMs: number): Promise<LoadedClient> {
  const { endpoint, region, accessKeyId, secretAccessKey, proxy } = settings;
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Stores other than Amazon's rarely have a host name for each bucket.
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // Many stores know no checksums, and a browser would have to compute the one of a presigned upload.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Its `requestTimeout` would end uploads that take long and get on, its `socketTimeout` downloads whose readers pause: silence is
    // told by us (s3-silence.ts).
    requestHandler: {
      connectionTimeout: connectMs,
      httpAgent: CONNECTIONS,
      httpsAgent: CONNECTIONS,
      ...(proxy !== undefined && proxyAgents(proxy, connectMs)),
    },
  });
  return { sdk, client };
}
