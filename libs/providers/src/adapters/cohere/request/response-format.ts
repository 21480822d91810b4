import type { ResponseOptions } from '../../../spec/response-options.js';

/** https://docs.cohere.com/docs/structured-outputs. There is no field for parallel tool calls. */
export function cohereFormatFields({ format }: ResponseOptions) {
  if (!format) return {};
  return {
    response_format: {
      type: 'json_object',
      ...(format.type === 'json_schema' && { json_schema: format.schema }),
    },
  };
}
