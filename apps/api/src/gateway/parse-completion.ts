import type { z } from 'zod';
import { exceeded, REQUEST_LIMITS } from '#chatkit';
import { AppError, ChatCompletionRequest } from '#runtime';

/** The body of a chat completion. Throws `AppError` `request.invalid` that names the first invalid field. */
export function parseCompletion(body: unknown): ChatCompletionRequest {
  assertFewFields(body);
  const parsed = ChatCompletionRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = fieldName(issue?.path ?? []);
  const message = (issue && limitIn(issue)) ?? issue?.message ?? 'is not a chat completion request';
  throw new AppError('request.invalid', param === '' ? `The request ${message}` : `${param}: ${message}`, {
    param: param === '' ? null : param,
  });
}

/** Before anything is looked at: fields that are not listed are kept, at a price that grows faster than their number. */
function assertFewFields(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  if (Object.keys(body).length <= REQUEST_LIMITS['completion.fields'].max) return;
  throw new AppError('request.invalid', `The request ${exceeded('completion.fields')}.`, { param: null });
}

/** Reports an exceeded limit even within a union, where a value of another type would have been valid too. */
function limitIn(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== 'invalid_union') return issue.message.includes('(limit ') ? issue.message : undefined;
  for (const inner of issue.errors.flat()) {
    const found = limitIn(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As OpenAI writes it: `messages[0].content`. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');
