const CODES = [
  'request.invalid',
  'request.unknown_type',
  'request.too_large',
  'request.timeout',
  'auth.required',
  'auth.invalid',
  'auth.forbidden',
  'key.not_found',
  'origin.refused',
  'host.refused',
  'thread.not_found',
  'item.not_found',
  'item.wrong_kind',
  'turn.open',
  'idempotency.conflict',
  'limit.user',
  'limit.tenant',
  'limit.server',
  'limit.streams',
  'limit.uploads',
  'limit.downloads',
  'limit.searches',
  'limit.calls',
  'limit.bodies',
  'quota.exceeded',
  'rate_limit.exceeded',
  'tool_call.not_pending',
  'form.not_pending',
  'attachment.not_found',
  'attachment.too_large',
  'attachment.already_uploaded',
  'attachment.unsupported',
  'attachment.unreadable',
  'attachment.not_uploaded',
  'attachment.quota',
  'link.invalid',
  'link.expired',
  'assistant.not_found',
  'feature.not_configured',
  'call.timeout',
  'call.failed',
  'cursor.not_found',
  'model.unknown',
  'run.not_found',
  'run.not_working',
  'run.not_retryable',
  'service.unavailable',
] as const;

/** All reasons for which a request can be refused. Each boundary maps every code to its own texts. */
export type AppErrorCode = (typeof CODES)[number];

/** Whether a code that another process stored is known to this version. */
export const isAppErrorCode = (code: string): code is AppErrorCode => (CODES as readonly string[]).includes(code);

/** A refusal with a reason that the caller may read. Any other exception is an internal error. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: AppErrorCode,
    message: string,
    readonly details?: unknown,
    /** When it is worth trying again, where that is known. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
