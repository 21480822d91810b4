import { z } from 'zod';

/** An id as a request names it. A NUL cannot be part of any: databases refuse text that holds one. */
export const Id = z.string().refine((id) => !id.includes('\u0000'), { error: 'must not hold a NUL character' });
