import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses';
import type { ResponseOptions } from '../../../../spec/response-options.js';

/** Fields of chat completions that are called the same here, and mean the same. */
const SHARED = [
  'metadata',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'service_tier',
  'store',
  'user',
] as const satisfies readonly (keyof ChatCompletionCreateParamsBase & keyof ResponseCreateParamsBase)[];

/** https://platform.openai.com/docs/api-reference/responses/create: `text`, `parallel_tool_calls`, and what chat completions has as well. */
export function responsesFormatFields({ format, parallelToolCalls, more = {} }: ResponseOptions) {
  const { verbosity } = more;
  const text = { ...(format && { format }), ...(verbosity !== undefined && { verbosity }) };
  return {
    ...Object.fromEntries(SHARED.flatMap((name) => (more[name] === undefined ? [] : [[name, more[name]]]))),
    ...(Object.keys(text).length > 0 && { text }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}
