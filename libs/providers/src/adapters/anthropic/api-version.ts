import type { MessagesRequest, Sampling } from './wire.js';

/** The version before the SDK's own (https://platform.claude.com/docs/en/api/versioning), which still takes {@link Sampling}. */
export const FORMER_VERSION = '2023-06-01';

const SAMPLING = ['temperature', 'top_p', 'top_k'] as const satisfies readonly (keyof Sampling)[];

/** Has it a field that only the former version takes? The SDK's own refuses them with a 400. */
export function needsFormerVersion(body: MessagesRequest): boolean {
  return SAMPLING.some((field) => body[field] !== undefined);
}
