import { createVerify, generateKeyPairSync } from 'node:crypto';
import type { SeenRequest } from './local-server.js';

/** A service account with a key of its own. */
export function newServiceAccount() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return {
    clientEmail: 'relay@my-project.iam.gserviceaccount.com',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey,
  };
}

type ServiceAccount = ReturnType<typeof newServiceAccount>;

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * What is wrong with a request for a token, by the document alone
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest); undefined when it is right.
 */
export function faultOfAssertion({ method, headers, body }: SeenRequest, account: ServiceAccount): string | undefined {
  if (method !== 'POST') return `by ${method}`;
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'not a form';
  if (body['grant_type'] !== GRANT) return `for ${String(body['grant_type'])}`;
  const [head = '', claims = '', signature = ''] = String(body['assertion']).split('.');
  if (jsonIn(head)['alg'] !== 'RS256') return 'by another algorithm';
  const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (!verify.verify(account.publicKey, signature, 'base64url')) return 'with another signature';
  return faultOfClaims(jsonIn(claims), account);
}

function faultOfClaims({ iss, aud, scope, iat, exp }: Record<string, unknown>, account: ServiceAccount) {
  if (iss !== account.clientEmail) return `by ${String(iss)}`;
  if (aud !== AUDIENCE) return `for ${String(aud)}`;
  if (scope !== SCOPE) return `to ${String(scope)}`;
  const [from, until] = [Number(iat) * 1_000, Number(exp) * 1_000];
  const isNow = from <= Date.now() + 1_000 && until > Date.now() && until - from <= 3_600_000;
  return isNow ? undefined : 'at another time';
}

const jsonIn = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
