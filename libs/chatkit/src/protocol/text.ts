import { z } from 'zod';

/** Text that becomes a column of its own. A NUL cannot be part of it: databases refuse text that holds one. */
export const PlainText = z.string().refine((text) => !text.includes('\u0000'), {
  error: 'must not hold a NUL character',
});
