import type { ResponseOptions } from '../../../spec/response-options.js';

/** https://docs.ollama.com/capabilities/structured-outputs. There is no field for parallel tool calls. */
export function ollamaFormatFields({ format }: ResponseOptions) {
  if (!format) return {};
  return { format: format.type === 'json_schema' ? format.schema : 'json' };
}
