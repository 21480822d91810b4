import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// AWS Signature Version 4 as a store checks it, written from Amazon's document and independent of its SDK:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, encoded as they were sent. */
  readonly url: string;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** As S3 names its refusals. */
export type Refusal =
  | 'AccessDenied'
  | 'AuthorizationHeaderMalformed'
  | 'AuthorizationQueryParametersError'
  | 'InvalidAccessKeyId'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 15 * 60_000;
const MAX_EXPIRES = 604_800;
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/** What was signed and by whom, wherever it stands in the request. */
interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20130524T000000Z` */
  readonly date: string;
  /** In seconds; of a presigned URL. */
  readonly expires: number | undefined;
  readonly payloadHash: string;
}

/**
 * Why a store refuses this request; undefined when it is signed rightly. The hash of the payload that it names is part of the
 * signature; whether the payload has it is for the caller to check.
 */
export function refusalOf(request: SignedRequest, credentials: Credentials, now: Date): Refusal | undefined {
  const [, query = ''] = request.url.split('?', 2);
  const isPresigned = new URLSearchParams(query).has('X-Amz-Signature');
  const claim = isPresigned ? presignedClaim(query) : headerClaim(request.headers);
  if (claim === 'none') return 'AccessDenied';
  if (!claim) return isPresigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
  const [keyId, day, region, service, end] = claim.credential.split('/');
  if (keyId !== credentials.accessKeyId) return 'InvalidAccessKeyId';
  const scope = [day, region, service, end];
  if (scope.join('/') !== [claim.date.slice(0, 8), credentials.region, 's3', 'aws4_request'].join('/')) {
    return 'AuthorizationHeaderMalformed';
  }
  const late = lateness(claim, now);
  if (late) return late;
  if (!signsEnough(claim, request.headers)) return 'AccessDenied';
  return isEqual(claim.signature, signatureOf(request, claim, credentials)) ? undefined : 'SignatureDoesNotMatch';
}

function lateness({ date, expires }: Claim, now: Date): Refusal | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt)) return 'AccessDenied';
  const age = now.getTime() - signedAt;
  if (expires === undefined) return Math.abs(age) > MAX_SKEW_MS ? 'RequestTimeTooSkewed' : undefined;
  if (age > expires * 1000) return 'AccessDenied';
  return age < -MAX_SKEW_MS ? 'RequestTimeTooSkewed' : undefined;
}

/** `host` and all of Amazon's own headers must be signed. */
function signsEnough({ signedHeaders }: Claim, headers: SignedRequest['headers']): boolean {
  const own = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  return ['host', ...own].every((name) => signedHeaders.includes(name));
}

function headerClaim(headers: SignedRequest['headers']): Claim | 'none' | undefined {
  const { authorization, 'x-amz-date': date, 'x-amz-content-sha256': payloadHash } = headers;
  if (authorization === undefined) return 'none';
  const [, credential, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (!credential || !signed || !signature || !date || !payloadHash) return undefined;
  return { credential, signedHeaders: signed.split(';'), signature, date, expires: undefined, payloadHash };
}

function presignedClaim(text: string): Claim | undefined {
  const query = new URLSearchParams(text);
  const credential = query.get('X-Amz-Credential');
  const date = query.get('X-Amz-Date');
  const signed = query.get('X-Amz-SignedHeaders');
  const expires = Number(query.get('X-Amz-Expires') ?? Number.NaN);
  if (query.get('X-Amz-Algorithm') !== ALGORITHM || !credential || !date || !signed) return undefined;
  if (!Number.isInteger(expires) || expires < 1 || expires > MAX_EXPIRES) return undefined;
  return {
    credential,
    signedHeaders: signed.split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    date,
    expires,
    payloadHash: query.get('X-Amz-Content-Sha256') ?? UNSIGNED,
  };
}

function signatureOf(request: SignedRequest, claim: Claim, { secretAccessKey }: Credentials): string {
  const scope = claim.credential.split('/').slice(1);
  const toSign = [ALGORITHM, claim.date, scope.join('/'), sha256(canonicalRequest(request, claim))].join('\n');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

function canonicalRequest({ method, url, headers }: SignedRequest, { signedHeaders, payloadHash }: Claim): string {
  const [path = '', query = ''] = url.split('?', 2);
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}\n`);
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    lines.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((part) => encoded(decodeURIComponent(part)))
    .join('/');

function canonicalQuery(query: string): string {
  const pairs =
    query === '' ? [] : query.split('&').map((pair) => pair.split('=', 2).map((part) => decodeURIComponent(part)));
  return pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name = '', value = '']) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
}

/** RFC 3986: everything but letters, digits, `-`, `.`, `_` and `~`. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const isEqual = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
