import { exceeded, REQUEST_LIMITS } from '#chatkit';
import { AppError, ChatCompletionRequest } from '#runtime';

/** The body of a chat completion. Throws `AppError` `request.invalid` that names the first invalid field. */
export function parseCompletion(body: unknown): ChatCompletionRequest {
  assertFewFields(body);
  const parsed = ChatCompletionRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = fieldName(issue?.path ?? []);
  const message = issue?.message ?? 'is not a chat completion request';
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

/** As OpenAI writes it: `messages[0].content`. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');
