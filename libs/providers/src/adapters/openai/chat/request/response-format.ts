import type { ResponseOptions } from '../../../../spec/response-options.js';

/** https://platform.openai.com/docs/api-reference/chat/create, `response_format`, `parallel_tool_calls`, and fields that only some servers know. */
export const chatFormatFields = ({ format, parallelToolCalls, more }: ResponseOptions) => ({
  ...more,
  ...(format && { response_format: responseFormat(format) }),
  ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
});

function responseFormat(format: NonNullable<ResponseOptions['format']>): object {
  if (format.type === 'json_object') return format;
  const { type, ...schema } = format;
  return { type, json_schema: schema };
}
