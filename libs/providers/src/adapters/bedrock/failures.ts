import { classifyFailure, type Failure } from '../../http/classify-failure.js';
import { object, text } from '../../http/json.js';
import type { ProviderErrorCode } from '../../spec/provider-error.js';
import type { FailureRules } from '../../wire/errors.js';

/**
 * Names of exceptions, lower case: those of the API
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html), which begin with a small
 * letter in mid-stream, and those of every AWS service (https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html).
 */
const BY_NAME: Readonly<Record<string, ProviderErrorCode>> = {
  accessdeniedexception: 'no_access',
  expiredtoken: 'bad_key',
  expiredtokenexception: 'bad_key',
  incompletesignature: 'bad_key',
  incompletesignatureexception: 'bad_key',
  internalfailure: 'unavailable',
  internalserverexception: 'unavailable',
  invalidclienttokenid: 'bad_key',
  invalidsignatureexception: 'bad_key',
  missingauthenticationtoken: 'bad_key',
  missingauthenticationtokenexception: 'bad_key',
  modelerrorexception: 'unavailable',
  modelnotreadyexception: 'overloaded',
  modelstreamerrorexception: 'unavailable',
  modeltimeoutexception: 'timeout',
  notauthorized: 'no_access',
  optinrequired: 'no_access',
  requestexpired: 'bad_key',
  resourcenotfoundexception: 'model_unknown',
  servicequotaexceededexception: 'rate_limited',
  serviceunavailable: 'unavailable',
  serviceunavailableexception: 'unavailable',
  throttlingexception: 'rate_limited',
  unrecognizedclientexception: 'bad_key',
};

/** `ValidationException` is everything else; only its message tells what. */
const TOO_LONG_MESSAGE = /input is too long/i;
const MODEL_MESSAGE =
  /model identifier is invalid|on-demand throughput isn.t supported|model .*(not found|not supported)/i;
/** A Bedrock API key that is wrong or expired is an `AccessDeniedException`. */
const KEY_MESSAGE = /api key|bearer token|authentication failed/i;

export const failureRules: FailureRules = { classify, errorIn, wordsIn };

function classify(failure: Failure): ProviderErrorCode {
  const names = failure.words.map((word) => word.toLowerCase());
  const { message } = failure;
  if (names.includes('validationexception')) return classifyValidation(failure);
  if (failure.status === 403 && KEY_MESSAGE.test(message)) return 'bad_key';
  for (const name of names) {
    const code = BY_NAME[name];
    if (code) return code;
  }
  return classifyFailure(failure);
}

/** In mid-stream there is no status, but it is a mistake of the request there, too. */
function classifyValidation({ message, words }: Failure): ProviderErrorCode {
  if (TOO_LONG_MESSAGE.test(message)) return 'context_too_long';
  if (MODEL_MESSAGE.test(message)) return 'model_unknown';
  return classifyFailure({ status: 400, message, words });
}

/** `{"message": …}`; some of AWS's own front ends write `Message`. */
function errorIn(json: unknown): Failure | undefined {
  const body = object(json);
  const message = text(body?.['Message']);
  return message ? { words: [], message } : undefined;
}

/** `ThrottlingException:http://internal.amazon.com/coral/…` */
function wordsIn(headers: Parameters<NonNullable<FailureRules['wordsIn']>>[0]): readonly string[] {
  const [name] = text(headers['x-amzn-errortype']).split(':');
  return name ? [name] : [];
}
