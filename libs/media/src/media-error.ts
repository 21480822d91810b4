/**
 * - `unsupported`: of a type that no model takes and that we cannot convert
 * - `unreadable`: empty, damaged, protected by a password, or not what it says it is
 * - `too_large`: more pixels than we decode
 */
export type MediaErrorCode = 'unsupported' | 'unreadable' | 'too_large';

/** A file that cannot be given to a model. The message is for the person who attached it: what is wrong, and what to do. */
export class MediaError extends Error {
  override readonly name = 'MediaError';

  constructor(
    readonly code: MediaErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
