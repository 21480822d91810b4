import type { GatewayError } from '#runtime';

/** A refusal as every other route tells of it. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

/** Whether callers of this address expect OpenAI's words. */
export const isGatewayPath = (url: string): boolean => url.startsWith('/v1/');

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** Where OpenAI has a word of its own. */
const OPENAI_CODES: Readonly<Record<string, Pick<GatewayError, 'code'> & Partial<Pick<GatewayError, 'status'>>>> = {
  'model.unknown': { status: 404, code: 'model_not_found' },
  'auth.required': { code: 'invalid_api_key' },
  'request.invalid': { code: null },
  'route.not_found': { code: 'unknown_url' },
};

/** A refusal in OpenAI's words. The details of a request that is wrong name the field: `{ param }`. */
export function toGatewayError({ status, code, message, details }: Refusal): GatewayError {
  const type = TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { status, type, code: code.replace('.', '_'), message, param: paramOf(details), ...OPENAI_CODES[code] };
}

const paramOf = (details: unknown): string | null =>
  typeof details === 'object' && details !== null && 'param' in details ? String(details.param) : null;
