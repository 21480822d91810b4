import { JPEG_AND_PNG } from '../../attachments/accepted-files.js';
import { defineKind, usualVariables } from '../kind.js';
import { chatFormatFields } from '../openai/chat/request/response-format.js';
import { schemaOf } from './config.js';
import type { Preset } from './preset.js';
import { type PresetKind, PRESETS } from './presets.js';
import { createPresetProvider } from './provider.js';

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
