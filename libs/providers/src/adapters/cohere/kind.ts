import { FOUR_IMAGE_TYPES } from '../../attachments/accepted-files.js';
import { defineKind, usualVariables } from '../kind.js';
import { CohereConfig } from './config.js';
import { createCohereProvider } from './provider.js';
import { cohereFormatFields } from './request/response-format.js';

export const cohere = defineKind({
  config: CohereConfig,
  variables: usualVariables('COHERE', ['apiKey', 'baseUrl'], 'CO_API_KEY'),
  create: (config, { outgoing }) => createCohereProvider({ ...config, ...outgoing }),
  formatFields: () => cohereFormatFields,
  // https://docs.cohere.com/docs/image-inputs
  acceptedFiles: () => FOUR_IMAGE_TYPES,
});
