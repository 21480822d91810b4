import * as z from 'zod';
import { FOUR_IMAGE_TYPES } from '../../attachments/accepted-files.js';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { defineKind, usualVariables } from '../kind.js';
import { createCohereProvider } from './provider.js';
import { cohereFormatFields } from './request/response-format.js';

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

export const cohere = defineKind({
  config: CohereConfig,
  variables: usualVariables('COHERE', ['apiKey', 'baseUrl'], 'CO_API_KEY'),
  create: (config, { outgoing }) => createCohereProvider({ ...config, ...outgoing }),
  formatFields: () => cohereFormatFields,
  // https://docs.cohere.com/docs/image-inputs
  acceptedFiles: () => FOUR_IMAGE_TYPES,
});
