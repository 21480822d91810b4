import * as z from 'zod';
import { KINDS } from './adapters/kinds.js';
import { ModuleConfig } from './adapters/module/config.js';
import { InstallationDeadlines, NamedModel } from './spec/policy-config.js';

/** What the library reads of a config file, for descriptions of the whole: the checks themselves are elsewhere. */
export const configFileParts = {
  providers: z.array(z.union([...KINDS.map(({ config }) => config), ModuleConfig.extend({ kind: z.undefined() })])),
  models: z.record(z.string().min(1), z.union([z.string().min(1), NamedModel])),
  deadlines: InstallationDeadlines,
};
