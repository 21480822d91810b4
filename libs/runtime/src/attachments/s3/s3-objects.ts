import type { Readable } from 'node:stream';
import type { S3ServiceException } from '@aws-sdk/client-s3';
import { AppError } from '../../errors/app-error.js';
import type { DownloadFacts } from '../attachment-files.js';
import { connect, type LoadedClient } from './s3-client.js';
import type { S3Settings } from './s3-settings.js';
import { unlessSilent, unlessStalled, whileSent } from './s3-silence.js';

/** How long the store is waited for. */
export interface S3Times {
  readonly connectMs: number;
  /** Without a byte that it takes or sends. */
  readonly silentMs: number;
}

const TIMES: S3Times = { connectMs: 5_000, silentMs: 30_000 };

export interface S3Object {
  readonly size: number;
  readonly mediaType: string | undefined;
}

/** The objects of a bucket. An error of the store, or none of its answers, is `AppError` `service.unavailable` with the cause. */
export class S3Objects {
  private loaded: Promise<LoadedClient> | undefined;

  constructor(
    private readonly settings: S3Settings,
    private readonly times: S3Times = TIMES,
  ) {}

  /** May take as long as the bytes get on. */
  async put(key: string, body: Readable, size: number): Promise<void> {
    const { sdk, client } = await this.load();
    await this.ask((abortSignal, alive) => {
      const input = { ...this.at(key), Body: whileSent(body, alive), ContentLength: size };
      return client.send(new sdk.PutObjectCommand(input), { abortSignal });
    });
  }

  async putBytes(key: string, bytes: Uint8Array, mediaType: string, signal?: AbortSignal): Promise<void> {
    const { sdk, client } = await this.load();
    const input = { ...this.at(key), Body: bytes, ContentLength: bytes.length, ContentType: mediaType };
    await this.ask((abortSignal) => client.send(new sdk.PutObjectCommand(input), { abortSignal }), signal);
  }

  async get(key: string): Promise<(S3Object & { readonly stream: Readable }) | undefined> {
    const { sdk, client } = await this.load();
    const command = new sdk.GetObjectCommand(this.at(key));
    const found = await this.find((abortSignal) => client.send(command, { abortSignal }));
    if (!found) return undefined;
    const stream = unlessStalled(found.Body as Readable, this.times.silentMs, unavailable);
    return { size: found.ContentLength ?? 0, mediaType: found.ContentType, stream };
  }

  async head(key: string): Promise<S3Object | undefined> {
    const { sdk, client } = await this.load();
    const command = new sdk.HeadObjectCommand(this.at(key));
    const found = await this.find((abortSignal) => client.send(command, { abortSignal }));
    return found && { size: found.ContentLength ?? 0, mediaType: found.ContentType };
  }

  async copy(from: string, to: string, signal?: AbortSignal): Promise<void> {
    const { sdk, client } = await this.load();
    const command = new sdk.CopyObjectCommand({ ...this.at(to), CopySource: `${this.settings.bucket}/${from}` });
    await this.ask((abortSignal) => client.send(command, { abortSignal }), signal);
  }

  /** Does nothing when absent. */
  async delete(key: string, signal?: AbortSignal): Promise<void> {
    const { sdk, client } = await this.load();
    const command = new sdk.DeleteObjectCommand(this.at(key));
    await this.find((abortSignal) => client.send(command, { abortSignal }), signal);
  }

  async *list(prefix: string): AsyncIterable<{ readonly key: string; readonly modifiedAt: Date }> {
    const { sdk, client } = await this.load();
    let token: string | undefined;
    do {
      const page = { Bucket: this.settings.bucket, Prefix: prefix, ContinuationToken: token };
      const { Contents = [], NextContinuationToken } = await this.ask((abortSignal) =>
        client.send(new sdk.ListObjectsV2Command(page), { abortSignal }),
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
      const command = new sdk.HeadBucketCommand({ Bucket: bucket });
      await unlessSilent(this.times.silentMs, (abortSignal) => client.send(command, { abortSignal }));
    } catch (cause) {
      throw new BucketError(bucketProblem(statusOf(cause), bucket, store), statusOf(cause), { cause });
    }
  }

  private at(key: string) {
    return { Bucket: this.settings.bucket, Key: key };
  }

  private load() {
    this.loaded ??= connect(this.settings, this.times.connectMs);
    return this.loaded;
  }

  private async find<Output>(send: Send<Output>, signal?: AbortSignal): Promise<Output | undefined> {
    return this.ask(async (...given) => {
      try {
        return await send(...given);
      } catch (error) {
        if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return undefined;
        throw error;
      }
    }, signal);
  }

  /** `signal`: of a caller who waits for less. */
  private async ask<Output>(send: Send<Output>, signal?: AbortSignal): Promise<Output> {
    try {
      return await unlessSilent(this.times.silentMs, (silence, alive) =>
        send(signal ? AbortSignal.any([silence, signal]) : silence, alive),
      );
    } catch (cause) {
      throw unavailable(cause);
    }
  }
}

type Send<Output> = Parameters<typeof unlessSilent<Output>>[1];

const unavailable = (cause: unknown): AppError =>
  Object.assign(new AppError('service.unavailable', 'Files cannot be stored or read right now.'), { cause });

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
