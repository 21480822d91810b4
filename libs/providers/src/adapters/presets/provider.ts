import type { Outgoing } from '../../http/proxy-of.js';
import { seenBy } from '../../traits/sees-pictures.js';
import type { Provider } from '../../spec/provider.js';
import { dialect } from '../openai/chat/dialect.js';
import { createOpenAIProvider } from '../openai/provider.js';
import type { PresetConfig } from './config.js';
import type { Preset } from './preset.js';

export function createPresetProvider(preset: Preset, config: PresetConfig & Outgoing): Provider {
  return createOpenAIProvider({
    ...config,
    name: config.name ?? (config.id === config.kind ? preset.name : config.id),
    wire: 'chat',
    capabilities: config.capabilities ?? seenBy(preset.capabilities),
    keyConfig: { ...preset.key, required: preset.key.required && isVendors(config.baseUrl, preset.baseUrl) },
    dialect: dialect({ server: preset.kind, alwaysFinishes: true, ...preset.quirks }),
    ...(preset.counting && { counting: preset.counting }),
    ...(preset.nativeList && { nativeList: preset.nativeList }),
    ...(preset.known && { known: preset.known }),
  });
}

/** A proxy in between may want no key, or another one. */
const isVendors = (baseUrl: string, usual: string): boolean => domainOf(baseUrl) === domainOf(usual);

/** `together` of `api.together.xyz`: vendors have several endings. */
const domainOf = (url: string): string | undefined => new URL(url).hostname.split('.').at(-2);
