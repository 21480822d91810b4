/**
 * Parts of a request that a server or model may refuse and that an answer can do without, or that have another form. The names are
 * public: `GET /models` and the deep health check list those that a model has refused.
 */
export const FEATURES = [
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'strict_tools',
  'tools_while_reasoning',
  'temperature',
  'top_p',
  'top_k',
  'frequency_penalty',
  'presence_penalty',
  'stop',
  'seed',
  'reasoning',
  'reasoning_summary',
  'encrypted_reasoning',
  'earlier_reasoning',
  'images',
  'files',
  'prefill',
  'alternation',
  'system_role',
  'max_tokens',
  'max_tokens_field',
  'response_format',
  'stream_options',
  'store',
] as const;
export type Feature = (typeof FEATURES)[number];

/** A feature that a request was refused for. `lasts`: the model will refuse it again, whatever its value. */
export interface RefusedFeature {
  readonly feature: Feature;
  readonly lasts: boolean;
}
