import * as z from 'zod';
import { defineKind } from '../kind.js';
import { commonFields } from '../provider-module.js';

/** A provider from a module. Fields that are not named here are the module's own. */
const ModuleConfig = z.looseObject({
  kind: z.literal('module'),
  /** Path of an ES module whose default export is `defineProvider({ … })`. */
  module: z.string().min(1),
  ...commonFields,
});

export const module = defineKind({
  config: ModuleConfig,
  create(config, { modules }) {
    const loaded = modules.get(config.module);
    // A mistake in our own start-up code.
    if (!loaded) throw new Error(`the provider module ${config.module} is not loaded`);
    return loaded.create(config);
  },
  formatFields: () => undefined,
  acceptedFiles: () => null,
});
