import type { Outgoing } from '../../http/proxy-of.js';
import { dialect } from '../openai/chat/dialect.js';
import { createOpenAIProvider } from '../openai/provider.js';
import type { Provider } from '../../spec/provider.js';
import type { PresetConfig } from './config.js';
import { presetOf } from './presets.js';

export function createPresetProvider(config: PresetConfig & Outgoing): Provider {
  const preset = presetOf(config.kind);
  return createOpenAIProvider({
    ...config,
    name: config.name ?? (config.id === config.kind ? preset.name : config.id),
    wire: 'chat',
    capabilities: config.capabilities ?? preset.capabilities,
    keyConfig: preset.key,
    dialect: dialect(preset.quirks),
    ...(preset.counting && { counting: preset.counting }),
    ...(preset.known && { known: preset.known }),
  });
}
