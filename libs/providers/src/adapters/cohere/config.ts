import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

/** Cohere's chat API in version 2, there or in a private deployment. */
export const CohereConfig = z.strictObject({
  kind: z.literal('cohere'),
  id: id.default('cohere'),
  ...common,
  apiKey: secret.optional(),
  /** With or without a version. */
  baseUrl: baseUrl.default('https://api.cohere.com'),
  defaultModel: modelId.default('command-a-plus-05-2026'),
});
export type CohereConfig = z.output<typeof CohereConfig>;
