import { defineKind } from '../kind.js';
import { ModuleConfig } from './config.js';

export const module = defineKind({
  config: ModuleConfig,
  create(config, { modules }) {
    const loaded = modules.get(config.module);
    // A mistake in our own start-up code.
    if (!loaded) throw new Error(`the provider module ${config.module} is not loaded`);
    return loaded.create(config);
  },
  formatFields: () => undefined,
  sendsWholeFiles: true,
  acceptedFiles: () => null,
});
