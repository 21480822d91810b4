import { type ModelCall, type ModelRef, ProviderError, type ResponseOptions, type Warning } from '#providers';
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

/** Whether tools are called side by side is how, not what. */
const changesTheAnswer = (field: string): boolean =>
  field !== 'parallel_tool_calls' && !NOT_ABOUT_THE_ANSWER.has(field);

/** What a call has for its providers beside the settings, and what is left out of it. */
export interface RequestOptions {
  readonly options: Pick<ModelCall, 'providerOptions'>;
  readonly warnings: readonly Warning[];
  /**
   * What is left out of a request to a fallback. @throws ProviderError for one that cannot be made to answer in JSON where that is
   * asked for, so that the next one is asked
   */
  warningsAt(fallback: ModelRef): readonly Warning[];
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
  const wanted = wantedIn(request);
  if (Object.keys(wanted).length === 0) return { options: {}, warnings: [], warningsAt: () => [] };
  const providerOptions = responseOptions(wanted);
  const unplaced = unplacedIn(wanted, providerOptions[provider]);
  const lost = unplaced.find(changesTheAnswer);
  if (lost === 'response_format') throw new UnsupportedError(lost, NO_JSON);
  if (lost) throw new UnsupportedError(lost, `This model's provider has no field "${lost}"; leave it out.`);
  return {
    options: { providerOptions },
    warnings: unplaced.map((field) => left(field, "the model's provider")),
    warningsAt(ref) {
      const fields = ref.provider === provider ? [] : unplacedIn(wanted, providerOptions[ref.provider]);
      if (!fields.includes('response_format'))
        return fields.map((field) => left(field, `the fallback ${ref.provider}`));
      const refused = [{ feature: 'response_format', lasts: true }] as const;
      throw new ProviderError('bad_request', { ref, detail: NO_JSON, refused });
    },
  };
}

const NO_JSON = 'This model cannot be made to answer in JSON.';

const left = (setting: string, who: string): Warning => ({
  code: 'unsupported_setting',
  setting,
  detail: `${who} has no field for it`,
});

/** The fields of a request that a provider has no place for. `known`: those that it has, absent where it has none at all. */
function unplacedIn(
  { format, parallelToolCalls, more = {} }: ResponseOptions,
  known: Readonly<Record<string, unknown>> | undefined,
): string[] {
  return [
    ...(format && !known ? ['response_format'] : []),
    ...Object.keys(more).filter((field) => !isPlaced(known ?? {}, field)),
    ...(parallelToolCalls !== undefined && !isPlaced(known ?? {}, 'parallel_tool_calls')
      ? ['parallel_tool_calls']
      : []),
  ];
}

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
