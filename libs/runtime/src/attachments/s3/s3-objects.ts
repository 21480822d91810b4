import type { Readable } from 'node:stream';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { AppError } from '../../errors/app-error.js';
import type { DownloadFacts } from '../attachment-files.js';
import { proxyAgents } from '../../platform/proxy-agents.js';
import type { S3Settings } from './s3-settings.js';

const CONNECT_WITHIN_MS = 5_000;
/** Without a byte. */
const ANSWER_WITHIN_MS = 30_000;

export interface S3Object {
  readonly size: number;
  readonly mediaType: string | undefined;
}

type Sdk = typeof import('@aws-sdk/client-s3');

/** The objects of a bucket. An error of the store, or none of its answers, is `AppError` `service.unavailable` with the cause. */
export class S3Objects {
  private loaded: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | undefined;

  constructor(private readonly settings: S3Settings) {}

  async put(key: string, body: Readable | Uint8Array, size: number, mediaType?: string): Promise<void> {
    const { sdk, client } = await this.load();
    const input = { ...this.at(key), Body: body, ContentLength: size, ...(mediaType && { ContentType: mediaType }) };
    await this.ask(() => client.send(new sdk.PutObjectCommand(input)));
  }

  async get(key: string): Promise<(S3Object & { readonly stream: Readable }) | undefined> {
    const { sdk, client } = await this.load();
    const found = await this.find(() => client.send(new sdk.GetObjectCommand(this.at(key))));
    if (!found) return undefined;
    return { size: found.ContentLength ?? 0, mediaType: found.ContentType, stream: found.Body as Readable };
  }

  async head(key: string): Promise<S3Object | undefined> {
    const { sdk, client } = await this.load();
    const found = await this.find(() => client.send(new sdk.HeadObjectCommand(this.at(key))));
    return found && { size: found.ContentLength ?? 0, mediaType: found.ContentType };
  }

  async copy(from: string, to: string): Promise<void> {
    const { sdk, client } = await this.load();
    const CopySource = `${this.settings.bucket}/${from}`;
    await this.ask(() => client.send(new sdk.CopyObjectCommand({ ...this.at(to), CopySource })));
  }

  /** Does nothing when absent. */
  async delete(key: string): Promise<void> {
    const { sdk, client } = await this.load();
    await this.find(() => client.send(new sdk.DeleteObjectCommand(this.at(key))));
  }

  async *list(prefix: string): AsyncIterable<{ readonly key: string; readonly modifiedAt: Date }> {
    const { sdk, client } = await this.load();
    let token: string | undefined;
    do {
      const page = { Bucket: this.settings.bucket, Prefix: prefix, ContinuationToken: token };
      const { Contents = [], NextContinuationToken } = await this.ask(() =>
        client.send(new sdk.ListObjectsV2Command(page)),
      );
      for (const { Key, LastModified } of Contents) if (Key) yield { key: Key, modifiedAt: LastModified ?? new Date() };
      token = NextContinuationToken;
    } while (token !== undefined);
  }

  /** The size is part of the signature: the store refuses any other. */
  async presignPut(key: string, size: number, seconds: number): Promise<string> {
    const [{ sdk, client }, { getSignedUrl }] = await Promise.all([
      this.load(),
      import('@aws-sdk/s3-request-presigner'),
    ]);
    const command = new sdk.PutObjectCommand({ ...this.at(key), ContentLength: size });
    return getSignedUrl(client, command, { expiresIn: seconds, signableHeaders: new Set(['host', 'content-length']) });
  }

  /** The type and name are part of the signature, so that whoever has the URL cannot make a page of a file. */
  async presignGet(key: string, facts: DownloadFacts, seconds: number): Promise<string> {
    const [{ sdk, client }, { getSignedUrl }] = await Promise.all([
      this.load(),
      import('@aws-sdk/s3-request-presigner'),
    ]);
    const command = new sdk.GetObjectCommand({
      ...this.at(key),
      ResponseContentType: facts.contentType,
      ResponseContentDisposition: facts.contentDisposition,
      ResponseCacheControl: 'private, no-cache',
    });
    return getSignedUrl(client, command, { expiresIn: seconds });
  }

  /** Throws an error that says what is wrong with the settings. */
  async check(): Promise<void> {
    const { sdk, client } = await this.load();
    const { bucket, endpoint, proxy } = this.settings;
    const store =
      (endpoint ?? 'Amazon S3') + (proxy === undefined ? '' : `, through the proxy ${new URL(proxy).host},`);
    try {
      await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }));
    } catch (cause) {
      throw new BucketError(bucketProblem(statusOf(cause), bucket, store), statusOf(cause), { cause });
    }
  }

  private at(key: string) {
    return { Bucket: this.settings.bucket, Key: key };
  }

  private load() {
    this.loaded ??= connect(this.settings);
    return this.loaded;
  }

  private async find<Output>(send: () => Promise<Output>): Promise<Output | undefined> {
    return this.ask(async () => {
      try {
        return await send();
      } catch (error) {
        if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return undefined;
        throw error;
      }
    });
  }

  private async ask<Output>(send: () => Promise<Output>): Promise<Output> {
    try {
      return await send();
    } catch (cause) {
      throw Object.assign(new AppError('service.unavailable', 'Files cannot be stored or read right now.'), { cause });
    }
  }
}

/** The bucket cannot be used. */
class BucketError extends Error {
  override readonly name = 'BucketError';

  constructor(
    message: string,
    /** Absent: the store could not be reached. */
    readonly status: number | undefined,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as Partial<S3ServiceException>).$metadata?.httpStatusCode;

function bucketProblem(status: number | undefined, bucket: string, store: string): string {
  switch (status) {
    case 301:
    case 400:
      return `S3_REGION: the bucket "${bucket}" of ${store} is in another region, or the request was not understood`;
    case 403:
      return `S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: ${store} refuses this key for the bucket "${bucket}"`;
    case 404:
      return `S3_BUCKET: there is no bucket "${bucket}" at ${store}; create it, it is not made by itself`;
    case undefined:
      return `S3_ENDPOINT: ${store} cannot be reached`;
    default:
      return `S3_ENDPOINT: ${store} answers ${status} to a request for the bucket "${bucket}"`;
  }
}

/** The SDK is loaded at the first use: an installation without an object store does not have it in memory. */
async function connect({ endpoint, region, accessKeyId, secretAccessKey, proxy }: S3Settings) {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Stores other than Amazon's rarely have a host name for each bucket.
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // Many stores know no checksums, and a browser would have to compute the one of a presigned upload.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      requestTimeout: ANSWER_WITHIN_MS,
      ...(proxy !== undefined && proxyAgents(proxy, CONNECT_WITHIN_MS)),
    },
  });
  return { sdk, client };
}
