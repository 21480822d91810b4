import type { GatewayError } from '#runtime';
import type { ErrorAnswer } from './error-answer.js';

/** Whether clients of this path expect errors in OpenAI's format. */
export const isGatewayPath = (url: string): boolean => url.startsWith('/v1/');

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** Errors for which OpenAI has a code or a status of its own. */
const OPENAI_CODES: Readonly<Record<string, Pick<GatewayError, 'code'> & Partial<Pick<GatewayError, 'status'>>>> = {
  'model.unknown': { status: 404, code: 'model_not_found' },
  'auth.required': { code: 'invalid_api_key' },
  'quota.exceeded': { code: 'insufficient_quota' },
  'auth.invalid': { code: 'invalid_api_key' },
  'request.invalid': { code: null },
  'route.not_found': { code: 'unknown_url' },
};

/** An error in OpenAI's format. The details of an invalid request name the field: `{ param }`. */
export function toGatewayError({ status, code, message, details }: ErrorAnswer): GatewayError {
  const type = TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { status, type, code: code.replace('.', '_'), message, param: paramOf(details), ...OPENAI_CODES[code] };
}

const paramOf = (details: unknown): string | null =>
  typeof details === 'object' && details !== null && 'param' in details ? String(details.param) : null;
