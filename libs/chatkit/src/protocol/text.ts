import { boundedText } from './bounded.js';
import type { RequestLimitName } from './request-limits.js';

/** Text that has its own column. It must not contain NUL, which databases refuse. */
export const plainText = (name: RequestLimitName) =>
  boundedText(name).refine((text) => !text.includes('\u0000'), { error: 'must not hold a NUL character' });
