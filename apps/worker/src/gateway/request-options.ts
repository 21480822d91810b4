import type { ModelCall, ModelRef, ResponseOptions } from '#providers';
import { type ChatCompletionRequest, unlistedFields } from '#runtime';
import { UnsupportedError } from './completion-errors.js';
import type { CompletionSettings } from './completion-settings.js';

/**
 * Fields of OpenAI's that are about the account and its storage, not about the answer. Many clients send them always, so a provider
 * that has no place for them does without (https://platform.openai.com/docs/api-reference/chat/create).
 */
const NOT_ABOUT_THE_ANSWER: ReadonlySet<string> = new Set([
  'user',
  'metadata',
  'store',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
]);

/**
 * What a model call has no setting for, in the options of each provider that knows it.
 * @throws UnsupportedError for a field that changes the answer and that the model's provider has no place for
 */
export function requestOptions(
  { responseOptions }: CompletionSettings,
  request: ChatCompletionRequest,
  { provider }: ModelRef,
): Pick<ModelCall, 'providerOptions'> {
  const options = wantedIn(request);
  if (Object.keys(options).length === 0) return {};
  const providerOptions = responseOptions(options);
  const known = providerOptions[provider];
  if (options.format && !known) {
    throw new UnsupportedError('response_format', 'This model cannot be made to answer in JSON.');
  }
  for (const field of Object.keys(options.more ?? {})) {
    if (NOT_ABOUT_THE_ANSWER.has(field) || (known && Object.hasOwn(known, field))) continue;
    throw new UnsupportedError(field, `This model's provider has no field "${field}"; leave it out.`);
  }
  return { providerOptions };
}

function wantedIn(request: ChatCompletionRequest): ResponseOptions {
  const { response_format: given, parallel_tool_calls: parallel, tools } = request;
  const format = toResponseFormat(given);
  // The field is refused without at least one tool.
  const parallelToolCalls = tools?.length ? (parallel ?? undefined) : undefined;
  const more = unlistedFields(request);
  return {
    ...(format && { format }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(Object.keys(more).length > 0 && { more }),
  };
}

function toResponseFormat(format: ChatCompletionRequest['response_format']): ResponseOptions['format'] {
  if (!format || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: format.type };
  const { name, schema, description, strict } = format.json_schema;
  return {
    type: format.type,
    name,
    schema,
    ...(description != null && { description }),
    ...(strict != null && { strict }),
  };
}
