import { createHash, createHmac } from 'node:crypto';
import type { SeenRequest } from './local-server.js';

/** What a request must have been signed with. */
export interface AwsSigner {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

/** Headers that a signature does not cover: itself, and what belongs to the connection. */
const UNSIGNED = new Set(['authorization', 'connection', 'content-length']);

/**
 * What is wrong with the signature of a request, computed from what arrived and by the document alone
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html); undefined when it is right.
 */
export function faultOfSignature(request: SeenRequest, signer: AwsSigner): string | undefined {
  const { headers } = request;
  const date = String(headers['x-amz-date']);
  const scope = [date.slice(0, 8), signer.region, signer.service, 'aws4_request'];
  const given = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
    headers.authorization ?? '',
  );
  if (!given) return `no signature: ${headers.authorization}`;
  const [, credential, signedHeaders = '', signature] = given;
  if (credential !== [signer.accessKeyId, ...scope].join('/')) return `signed for ${credential}`;
  const names = Object.keys(headers).filter((name) => !UNSIGNED.has(name));
  const missing = names.filter((name) => !signedHeaders.split(';').includes(name));
  if (missing.length > 0) return `not signed: ${missing.join(', ')}`;
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical(request, signedHeaders))].join('\n');
  let key: Buffer = Buffer.from(`AWS4${signer.secretAccessKey}`);
  for (const part of scope) key = hmac(key, part);
  return hmac(key, text).toString('hex') === signature ? undefined : 'another signature';
}

function canonical({ method, path, headers, text }: SeenRequest, signedHeaders: string): string {
  const { pathname, searchParams } = new URL(path, 'http://host');
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).toSorted();
  const lines = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`);
  const encodedPath = pathname.split('/').map(encode).join('/');
  return [method, encodedPath, query.join('&'), ...lines, '', signedHeaders, sha256(text)].join('\n');
}

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
