import { z } from 'zod';

/** Text that has its own column. It must not contain NUL, which databases refuse. */
export const PlainText = z.string().refine((text) => !text.includes('\u0000'), {
  error: 'must not hold a NUL character',
});
