import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { EntraConfig, problemIn } from './entra/config.js';

/** Azure OpenAI. A model is named by its deployment. */
export const AzureConfig = z
  .strictObject({
    kind: z.literal('azure-openai'),
    id: id.default('azure-openai'),
    ...common,
    /** Absent where `entra` or `credentials` stand in for it, or `headers` hold a token. */
    apiKey: secret.optional(),
    /** An application of Microsoft Entra ID. */
    entra: EntraConfig.optional(),
    /** The Azure credentials of this machine: its variables, its identity, or a developer's login. */
    credentials: z.literal('default').optional(),
    /** The resource, with or without `/openai` or `/openai/v1`: `https://<name>.openai.azure.com`. */
    endpoint: baseUrl,
    /** `2024-10-21`: the API by version and deployment. Without it: the v1 API, which has no versions. */
    apiVersion: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, 'must be a date, as in 2024-10-21 or 2025-03-01-preview')
      .optional(),
    /** The deployment that answers when none is asked for. */
    defaultModel: modelId.default('gpt-5.4-mini'),
    /** What to speak. `responses` needs the v1 API, and models of OpenAI's. */
    wire: z.enum(['chat', 'responses']).default('chat'),
  })
  .refine(({ apiVersion, wire }) => apiVersion === undefined || wire === 'chat', {
    path: ['wire'],
    error: 'responses is for the v1 API: leave out apiVersion',
  })
  .superRefine(({ apiKey, apiKeys, entra, credentials }, context) => {
    const keyed = apiKey ?? apiKeys;
    if (keyed !== undefined && (entra ?? credentials) !== undefined) {
      const path = [entra ? 'entra' : 'credentials'];
      context.addIssue({ code: 'custom', path, message: 'stands in for apiKey: leave out one of them' });
    }
    const problem = entra && problemIn(entra, credentials);
    if (problem) context.addIssue({ code: 'custom', path: ['entra', problem[0]], message: problem[1] });
  });
export type AzureConfig = z.output<typeof AzureConfig>;
