import type { ModelCall, ModelRef, ResponseOptions, Warning } from '#providers';
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
  'prompt_cache_options',
  'prompt_cache_retention',
]);

/** What a call has for its providers beside the settings, and what is left out of it. */
export interface RequestOptions {
  readonly options: Pick<ModelCall, 'providerOptions'>;
  readonly warnings: readonly Warning[];
}

/**
 * What a model call has no setting for, in the options of each provider that knows it. A field that is not about the answer is left
 * out with a warning where the model's provider has no place for it.
 * @throws UnsupportedError for a field that changes the answer and that the model's provider has no place for
 */
export function requestOptions(
  { responseOptions }: CompletionSettings,
  request: ChatCompletionRequest,
  { provider }: ModelRef,
): RequestOptions {
  const options = wantedIn(request);
  if (Object.keys(options).length === 0) return { options: {}, warnings: [] };
  const providerOptions = responseOptions(options);
  const known = providerOptions[provider] ?? {};
  if (options.format && !providerOptions[provider]) {
    throw new UnsupportedError('response_format', 'This model cannot be made to answer in JSON.');
  }
  const left = Object.keys(options.more ?? {}).filter((field) => !isPlaced(known, field));
  const lost = left.find((field) => !NOT_ABOUT_THE_ANSWER.has(field));
  if (lost) throw new UnsupportedError(lost, `This model's provider has no field "${lost}"; leave it out.`);
  const isParallelLost = options.parallelToolCalls !== undefined && !isPlaced(known, 'parallel_tool_calls');
  const ignored = [...left, ...(isParallelLost ? ['parallel_tool_calls'] : [])];
  return { options: { providerOptions }, warnings: ignored.map(unplaced) };
}

const unplaced = (setting: string): Warning => ({
  code: 'unsupported_setting',
  setting,
  detail: "the model's provider has no field for it",
});

/** Responses has one field inside another. */
function isPlaced(known: Readonly<Record<string, unknown>>, field: string): boolean {
  if (Object.hasOwn(known, field)) return true;
  const { text } = known;
  return field === 'verbosity' && typeof text === 'object' && text !== null && field in text;
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
