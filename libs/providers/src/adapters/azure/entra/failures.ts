import { classifyFailure, type Failure } from '../../../http/classify-failure.js';
import { list, object, text } from '../../../http/json.js';
import type { ProviderErrorCode } from '../../../spec/provider-error.js';
import type { FailureRules } from '../../../wire/errors.js';

/** What to do about a refusal, by Entra ID's code (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const FIXES: Readonly<Record<string, string>> = {
  AADSTS7000215: 'clientSecret is wrong: give the value of the secret, not its ID',
  AADSTS7000222: 'clientSecret has expired: make a new one',
  AADSTS7000229: 'the application has no service principal in the tenant: have an administrator add it there',
  AADSTS700016: 'there is no application of this clientId in the tenant: check clientId and tenantId',
  AADSTS700027: "the certificate in certificateFile is not the application's: upload it there",
  AADSTS70021:
    'no federated credential of the application fits the token in tokenFile: compare issuer, subject and audience',
  AADSTS700213:
    'no federated credential of the application fits the token in tokenFile: compare issuer, subject and audience',
  AADSTS700024:
    'the token in tokenFile or the certificate is not valid now: see that it is renewed, and check the clock',
  AADSTS90002: 'there is no such tenant: check tenantId, and authorityHost if it is in a national cloud',
  AADSTS500011: 'scope names no resource that the tenant knows: check scope',
  AADSTS1002012: 'scope must end in /.default: check scope',
};

const USUAL_FIX = 'check the fields of entra';

/** What to do about what Entra ID has said. */
export function fixOf(detail: string): string {
  const [code = ''] = /AADSTS\d+/.exec(detail) ?? [];
  return FIXES[code] ?? USUAL_FIX;
}

/** Failures of Entra ID's token endpoint (RFC 6749, 5.2). */
export const entraFailures: FailureRules = { classify, errorIn };

function classify(failure: Failure): ProviderErrorCode {
  const { status = 0, words } = failure;
  if (words.includes('temporarily_unavailable')) return 'unavailable';
  return status >= 400 && status <= 403 ? 'bad_key' : classifyFailure(failure);
}

function errorIn(json: unknown): Failure | undefined {
  const body = object(json);
  const description = text(body?.['error_description']);
  if (!description) return undefined;
  const codes = list(body?.['error_codes']).map((code) => `AADSTS${String(code)}`);
  const unsaid = codes.filter((code) => !description.includes(code));
  return { words: [text(body?.['error']), ...unsaid], message: description.replaceAll(/\s+/g, ' ') };
}
