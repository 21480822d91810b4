import * as z from 'zod';

const word = z.union([z.string(), z.number()]).nullish();

const ErrorObject = z.object({
  message: z.unknown().optional(),
  detail: z.unknown().optional(),
  code: word,
  type: word,
  error_type: word,
});

/** `{error: {...}}`, `{error: "..."}`, or the fields at the top (Mistral, Hugging Face with `error_type`). */
export const ErrorBody = ErrorObject.extend({ error: z.union([z.string(), ErrorObject]).nullish() });
export type ErrorBody = z.output<typeof ErrorBody>;
