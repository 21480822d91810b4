import * as z from 'zod';
import { CAPABILITIES } from '../../spec/capability.js';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import type { PresetKind } from './presets.js';

export const schemaOf = (kind: PresetKind, defaults: { readonly baseUrl: string; readonly defaultModel: string }) =>
  z.strictObject({
    kind: z.literal(kind),
    id: id.default(kind),
    ...common,
    apiKey: secret.optional(),
    baseUrl: baseUrl.default(defaults.baseUrl),
    defaultModel: modelId.default(defaults.defaultModel),
    /** What its models can do; by default what most of the server's can. */
    capabilities: z.array(z.enum(CAPABILITIES)).optional(),
  });
export type PresetConfig = z.output<ReturnType<typeof schemaOf>>;
