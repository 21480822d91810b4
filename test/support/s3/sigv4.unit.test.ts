import { describe, expect, it } from 'vitest';
import { type Credentials, refusalOf, type SignedRequest } from './sigv4.js';

/** The examples of Amazon's document: their key, their time, their bucket. */
const CREDENTIALS: Credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const NOW = new Date('2013-05-24T00:00:00Z');
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const host = 'examplebucket.s3.amazonaws.com';
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

const authorization = (signedHeaders: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`;

const GET_OBJECT: SignedRequest = {
  method: 'GET',
  url: '/test.txt',
  headers: {
    host,
    range: 'bytes=0-9',
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': '20130524T000000Z',
    authorization: authorization(
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
  },
};

const PUT_OBJECT: SignedRequest = {
  method: 'PUT',
  url: '/test%24file.text',
  headers: {
    host,
    date: 'Fri, 24 May 2013 00:00:00 GMT',
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    authorization: authorization(
      'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ),
  },
};

const withoutPayload = (url: string, signature: string): SignedRequest => ({
  method: 'GET',
  url,
  headers: {
    host,
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': '20130524T000000Z',
    authorization: authorization('host;x-amz-content-sha256;x-amz-date', signature),
  },
});

const PRESIGNED: SignedRequest = {
  method: 'GET',
  url:
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}` +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
    '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: { host },
};

const EXAMPLES: [string, SignedRequest][] = [
  ['GET of an object', GET_OBJECT],
  ['PUT of an object', PUT_OBJECT],
  ['a lifecycle', withoutPayload('/?lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543')],
  [
    'a list',
    withoutPayload('/?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'),
  ],
  ['a presigned URL', PRESIGNED],
];

const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

describe('Signature Version 4', () => {
  it.each(EXAMPLES)('accepts the published example: %s', (_, request) => {
    expect(refusalOf(request, CREDENTIALS, NOW)).toBeUndefined();
  });

  it.each(EXAMPLES)('refuses %s of another method, path, host or key', (_, request) => {
    const forged = [
      { ...request, method: 'DELETE' },
      { ...request, url: request.url.replace('/', '/other') },
      { ...request, headers: { ...request.headers, host: 'otherbucket.s3.amazonaws.com' } },
    ];
    for (const one of forged) expect(refusalOf(one, CREDENTIALS, NOW)).toBe('SignatureDoesNotMatch');
    const otherSecret = { ...CREDENTIALS, secretAccessKey: 'x' };
    expect(refusalOf(request, otherSecret, NOW)).toBe('SignatureDoesNotMatch');
    expect(refusalOf(request, { ...CREDENTIALS, accessKeyId: 'x' }, NOW)).toBe('InvalidAccessKeyId');
    expect(refusalOf(request, { ...CREDENTIALS, region: 'eu-west-1' }, NOW)).toBe('AuthorizationHeaderMalformed');
  });

  it('refuses what is too late', () => {
    expect(refusalOf(PRESIGNED, CREDENTIALS, after(86_400))).toBeUndefined();
    expect(refusalOf(PRESIGNED, CREDENTIALS, after(86_401))).toBe('AccessDenied');
    expect(refusalOf(GET_OBJECT, CREDENTIALS, after(900))).toBeUndefined();
    expect(refusalOf(GET_OBJECT, CREDENTIALS, after(901))).toBe('RequestTimeTooSkewed');
    expect(refusalOf(GET_OBJECT, CREDENTIALS, after(-901))).toBe('RequestTimeTooSkewed');
  });

  it('refuses a request without a signature, and one with a header of Amazon’s that is not signed', () => {
    expect(refusalOf({ method: 'GET', url: '/', headers: { host } }, CREDENTIALS, NOW)).toBe('AccessDenied');
    const added = { ...PRESIGNED, headers: { host, 'x-amz-acl': 'public-read' } };
    expect(refusalOf(added, CREDENTIALS, NOW)).toBe('AccessDenied');
  });

  it('refuses a presigned URL whose expiry or type was changed', () => {
    for (const [from, to] of [
      ['Expires=86400', 'Expires=604800'],
      ['SignedHeaders=host', 'SignedHeaders=host&response-content-type=text%2Fhtml'],
    ] as const) {
      const request = { ...PRESIGNED, url: PRESIGNED.url.replace(from, to) };
      expect(refusalOf(request, CREDENTIALS, NOW)).toBe('SignatureDoesNotMatch');
    }
  });
});
