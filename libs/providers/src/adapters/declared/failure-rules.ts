import { classifyFailure, type Failure } from '../../http/classify-failure.js';
import type { ProviderErrorCode } from '../../spec/provider-error.js';
import type { FailureRules } from '../../wire/errors.js';
import type { ResponseFields } from './response-config.js';
import { readFirst } from './response-path.js';

type ErrorFields = Pick<ResponseFields, 'error' | 'errorCode' | 'errorMessage' | 'errors'>;

/** Failures as the config entry declares them: where they stand, and what the API's words for them mean. */
export function failureRules(spec: ErrorFields): FailureRules {
  const { error = [], errorCode = [], errorMessage = [], errors = {} } = spec;
  const known = new Map(Object.entries(errors));
  return {
    classify: (failure) => byOperator(failure, known) ?? classifyFailure(failure),
    errorIn: (json) => {
      const codes = textsOf(readFirst(json, errorCode));
      const messages = textsOf(readFirst(json, errorMessage));
      const whole = readFirst(json, error);
      if (codes.length === 0 && messages.length === 0 && !isFailure(whole)) return undefined;
      const message = messages.length > 0 ? messages.join('; ') : describe(whole);
      return { words: codes, message, status: codes.map(Number).find((code) => code >= 400 && code < 600) };
    },
  };
}

/** Whether there is an error: servers do send an empty one with a good answer. */
export function isFailure(error: unknown): boolean {
  if (Array.isArray(error)) return error.length > 0;
  return Boolean(error);
}

function byOperator({ words, status }: Failure, known: ReadonlyMap<string, ProviderErrorCode>) {
  for (const word of [...words, String(status)]) {
    const code = known.get(word);
    if (code) return code;
  }
  return undefined;
}

function textsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
}

function describe(error: unknown): string {
  if (error === undefined) return '';
  return typeof error === 'string' ? error : JSON.stringify(error);
}
