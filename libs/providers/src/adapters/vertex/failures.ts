import { classifyFailure, type Failure } from '../../http/classify-failure.js';
import { object, text } from '../../http/json.js';
import type { FailureRules } from '../../wire/errors.js';

/** Failures of Google's token endpoint (RFC 6749, 5.2): `{"error":"invalid_grant","error_description":"…"}`. */
export const tokenFailures: FailureRules = {
  classify: (failure) =>
    failure.status !== undefined && failure.status >= 400 && failure.status <= 403
      ? 'bad_key'
      : classifyFailure(failure),
  errorIn(json): Failure | undefined {
    const body = object(json);
    const description = text(body?.['error_description']);
    return description ? { words: [text(body?.['error'])], message: description } : undefined;
  },
};
