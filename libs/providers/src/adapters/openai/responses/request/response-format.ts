import type { ResponseOptions } from '../../../../spec/response-options.js';

/** https://platform.openai.com/docs/api-reference/responses/create, `text.format` and `parallel_tool_calls`. */
export const responsesFormatFields = ({ format, parallelToolCalls }: ResponseOptions) => ({
  ...(format && { text: { format } }),
  ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
});
