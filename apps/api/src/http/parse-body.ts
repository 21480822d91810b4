import type { z } from 'zod';
import { toIssues } from '#chatkit';
import { AppError } from '#runtime';

/** A body of JSON by its schema. Throws `AppError` `request.invalid` that names the first wrong fields. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error);
  const words = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new AppError('request.invalid', `The request is not valid: ${words}`, issues);
}
