import * as z from 'zod';
import { commonFields } from '../provider-module.js';

/** A provider from a module. Fields that are not named here are the module's own. */
export const ModuleConfig = z.looseObject({
  kind: z.literal('module'),
  /** Path of an ES module whose default export is `defineProvider({ … })`. */
  module: z.string().min(1),
  ...commonFields,
});
