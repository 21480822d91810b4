import { z } from 'zod';
import { orAbsent } from './json.js';

/** Codes for which a client has its own text, and `custom`, which includes its text [ER-6] [ER-7]. */
export type ErrorCode = 'stream.error' | 'custom';

/** A failure inside a stream [EV-10]. The set of codes is open [ER-7]; both defaults are written [SER-3] [ER-6]. */
export const ErrorEvent = z.object({
  type: z.literal('error'),
  code: z.string().default('custom' satisfies ErrorCode),
  message: orAbsent(z.string()),
  allow_retry: z.boolean().default(false),
});
export type ErrorEvent = z.output<typeof ErrorEvent>;

/** An unexpected failure: no text, so that nothing internal can leak [ER-5]. */
export function streamError(): ErrorEvent {
  return { type: 'error', code: 'stream.error' satisfies ErrorCode, allow_retry: true };
}

/** A failure with a text for the user, who cannot retry unless `allow_retry` is set [ER-6]. */
export function customError(message: string, allowRetry = false): ErrorEvent {
  return { type: 'error', code: 'custom' satisfies ErrorCode, message, allow_retry: allowRetry };
}
