import * as z from 'zod';
import { modelPolicies } from '../spec/policy-config.js';
import { CAPABILITIES } from '../spec/capability.js';
import type { Provider } from '../spec/provider.js';
import { id, modelId } from './entry-fields.js';

/** Fields of every entry for a custom provider. */
export const commonFields = {
  /** Prefix of its model names. */
  id,
  /** Display name. By default the module's. */
  name: z.string().min(1).optional(),
  /** By default the module's. */
  defaultModel: modelId.optional(),
  /** Model ids to offer without asking the provider. */
  models: z.array(modelId).optional(),
  /** Refuse models that `models` does not name. */
  onlyListed: z.boolean().optional(),
  /** What its models can do; by default what the module says. */
  capabilities: z.array(z.enum(CAPABILITIES)).optional(),
  ...modelPolicies,
};

/** The common fields of an entry for a custom provider; all other fields are for the module's `settings`. */
export const ModuleEntry = z.looseObject(commonFields);
export type ModuleEntry = z.input<typeof ModuleEntry>;

/** What a provider's module exports: it creates providers from config entries. */
export interface ProviderModule {
  /** Makes no requests. @throws z.ZodError for an invalid entry, with the paths of its fields */
  create(entry: ModuleEntry): Provider;
}
