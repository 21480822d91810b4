import * as z from 'zod';
import { CAPABILITIES } from '../../spec/capability.js';
import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';
import { defineKind, usualVariables } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import type { Preset } from './preset.js';
import { type PresetKind, PRESETS } from './presets.js';
import { createPresetProvider } from './provider.js';

const schemaOf = (kind: PresetKind, defaults: { readonly baseUrl: string; readonly defaultModel: string }) =>
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

/** Known servers that speak OpenAI's chat completions, each a kind with the name of its preset. */
export const presets = PRESETS.map((preset: Preset & { readonly kind: PresetKind }) =>
  defineKind({
    config: schemaOf(preset.kind, preset),
    variables: usualVariables(inCapitals(preset.kind), preset.key.required ? ['apiKey'] : ['apiKey', 'baseUrl']),
    create: (config, { outgoing }) => createPresetProvider(preset, { ...config, ...outgoing }),
    formatFields: () => chatFormatFields,
    acceptedFiles: () => preset.accepts ?? JPEG_AND_PNG,
    isOwnServer: () => preset.isOwnServer ?? false,
  }),
);

function inCapitals(kind: string): string {
  return kind.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}
