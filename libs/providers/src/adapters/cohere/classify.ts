import { classifyFailure, type Failure } from '../../http/classify-failure.js';
import type { ProviderErrorCode } from '../../spec/provider-error.js';

/** Cohere's errors have no code, only words: https://docs.cohere.com/reference/errors. */
const BY_MESSAGE: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  // The other kind asks for a longer answer than the model can give, which a shorter prompt does not fix.
  [/^too many tokens(?!: max tokens)/i, 'context_too_long'],
  [/^invalid request: model '.*' is not supported/i, 'model_unknown'],
  // "limited to 1000 API calls / month": used up, unlike the limits by the minute.
  [/trial key.* \/ month/i, 'no_access'],
];

/** Statuses that mean something else here than elsewhere. */
const BY_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  // A deny-listed token in the prompt or the answer.
  498: 'content_filtered',
  // Cancelled, and not by us.
  499: 'unavailable',
  504: 'timeout',
};

/** The catalogue's code for a failure at Cohere. */
export function classifyCohereFailure(failure: Failure): ProviderErrorCode {
  const { status, message } = failure;
  const known = BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  return known ?? (status === undefined ? undefined : BY_STATUS[status]) ?? classifyFailure(failure);
}
