import type { z } from 'zod';
import { AppError } from '#runtime';

/** A body of JSON by its schema. Throws `AppError` `request.invalid` that names each wrong field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const words = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new AppError('request.invalid', `The request is not valid: ${words}`, issues);
}
