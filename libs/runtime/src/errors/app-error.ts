/** Everything that a request can be refused for. Each border has one total map from these to its own words. */
export type AppErrorCode =
  | 'request.invalid'
  | 'request.unknown_type'
  | 'request.not_served'
  | 'request.too_large'
  | 'auth.required'
  | 'thread.not_found'
  | 'item.not_found'
  | 'attachment.not_found'
  | 'cursor.not_found'
  | 'model.unknown'
  | 'run.not_found'
  | 'service.unavailable';

/** A refusal with a reason that the caller may read. Anything else that is thrown is a fault of ours. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: AppErrorCode,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
}
