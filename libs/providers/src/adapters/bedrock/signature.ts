import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from '../../http/http-client.js';
import { loadSdk } from '../../sdk/load-sdk.js';
import { credentialsOf } from './credentials.js';
import type { BedrockConfig } from './config.js';

type Library = typeof import('@smithy/signature-v4');

/** Signs a request as it goes out (Signature Version 4); undefined for a bearer token. @throws ProviderError without credentials */
export function signerOf(config: BedrockConfig): ((request: HttpRequest) => Promise<HttpRequest>) | undefined {
  const credentials = credentialsOf(config);
  if (!credentials) return undefined;
  const { SignatureV4 } = loadSdk<Library>('@smithy/signature-v4', config.kind);
  const signer = new SignatureV4({ service: 'bedrock', region: config.region, credentials, sha256: NodeSha256 });
  return async (request) => {
    const { protocol, hostname, host, pathname: path } = new URL(request.url);
    const headers = { ...request.headers, host };
    const signed = await signer.sign({ ...request, protocol, hostname, path, query: {}, headers });
    return { ...request, headers: signed.headers };
  };
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** Node's own: the SDK's, in JavaScript, stops every stream of the process for 40 ms for each megabyte of pictures. */
class NodeSha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBuffer(secret));
  }

  update(bytes: Bytes): void {
    this.#hash.update(toBuffer(bytes));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  /** Part of the library's interface; it makes a new one instead. */
  reset(): void {
    throw new Error('a hash is used once');
  }
}

function toBuffer(bytes: Bytes): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes);
  if (bytes instanceof ArrayBuffer) return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
