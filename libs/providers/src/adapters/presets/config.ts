import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../../config-fields.js';
import { CAPABILITIES } from '../../spec/capability.js';
import { type PresetKind, PRESETS } from './presets.js';

const schemaOf = (kind: PresetKind, defaults: { baseUrl: string; defaultModel: string }) =>
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

/** A known server that speaks OpenAI's chat completions; its `kind` is the name of the preset. */
export const PresetConfigs = PRESETS.map((preset) => schemaOf(preset.kind, preset));
export type PresetConfig = z.output<(typeof PresetConfigs)[number]>;

export const isPreset = (config: { readonly kind: string }): config is PresetConfig =>
  PRESETS.some(({ kind }) => kind === config.kind);
