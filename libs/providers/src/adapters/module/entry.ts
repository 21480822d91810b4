import * as z from 'zod';
import { modelPolicies } from '../../policies/policy-config.js';
import { CAPABILITIES } from '../../spec/capability.js';
import { id, modelId } from '../entry-fields.js';

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

/** Names that a module's own settings cannot have. */
export const RESERVED: readonly string[] = ['kind', 'module', ...Object.keys(commonFields)];
