import { HttpException } from '@nestjs/common';
import { ReaderError } from '#media';
import { AppError, type AppErrorCode, isUnavailable, isUnstorable } from '#runtime';

/** Total: a new refusal does not compile until it has a status. */
export const STATUS: Readonly<Record<AppErrorCode, number>> = {
  'request.invalid': 400,
  'request.unknown_type': 400,
  'request.too_large': 413,
  'request.timeout': 408,
  'auth.required': 401,
  'auth.invalid': 401,
  'auth.forbidden': 403,
  'key.not_found': 404,
  'origin.refused': 403,
  'host.refused': 403,
  'thread.not_found': 404,
  'item.not_found': 404,
  'item.wrong_kind': 400,
  'turn.open': 409,
  'idempotency.conflict': 409,
  'limit.user': 429,
  'limit.tenant': 429,
  'limit.server': 503,
  'limit.streams': 429,
  'limit.uploads': 429,
  'limit.downloads': 429,
  'limit.searches': 429,
  'limit.calls': 429,
  'limit.bodies': 429,
  'quota.exceeded': 429,
  'rate_limit.exceeded': 429,
  'tool_call.not_pending': 409,
  'form.not_pending': 409,
  'attachment.not_found': 404,
  'attachment.too_large': 413,
  'attachment.already_uploaded': 409,
  'attachment.unsupported': 415,
  'attachment.unreadable': 422,
  'attachment.not_uploaded': 409,
  'attachment.quota': 413,
  'link.invalid': 403,
  'link.expired': 403,
  'assistant.not_found': 404,
  'feature.not_configured': 501,
  'call.timeout': 504,
  'call.failed': 500,
  'cursor.not_found': 404,
  'run.not_found': 404,
  'run.not_working': 409,
  'run.not_retryable': 409,
  'model.unknown': 422,
  'service.unavailable': 503,
};

const UNAVAILABLE = new AppError('service.unavailable', 'The server cannot answer right now.');

const UNSTORABLE = new AppError(
  'request.invalid',
  'The request holds something that cannot be stored, such as a NUL character or a number out of range.',
);
/** A message may name what the sender has sent. */
const MAX_MESSAGE = 1_000;

const shortened = (message: string): string =>
  message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;

/** The answer to an error, independent of its format. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

/** The status and the text of an error; an unforeseen one discloses nothing. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof AppError) {
    const { code, message, details } = error;
    return { status: STATUS[code], code, message: shortened(message), ...(details !== undefined && { details }) };
  }
  if (isUnavailable(error) || error instanceof ReaderError) return errorAnswer(UNAVAILABLE);
  if (isUnstorable(error)) return errorAnswer(UNSTORABLE);
  const status = statusOf(error);
  if (status === undefined || status >= 500) {
    return { status: 500, code: 'internal', message: 'Something went wrong on the server.' };
  }
  return {
    status,
    ...(REFUSED_BEFORE_A_HANDLER[status] ?? { code: 'request.invalid', message: shortened(messageOf(error)) }),
  };
}

/** Requests that Nest and Fastify refuse before one of our handlers is called. */
const REFUSED_BEFORE_A_HANDLER: Record<number, { readonly code: string; readonly message: string }> = {
  404: { code: 'route.not_found', message: 'There is nothing at this address.' },
  413: { code: 'request.too_large', message: 'The request body is too large (limit body: limits.requests.bodyBytes).' },
};

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
