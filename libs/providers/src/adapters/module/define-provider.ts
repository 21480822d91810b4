import * as z from 'zod';
import type { ProviderDefinition } from './definition.js';
import { commonFields, ModuleEntry, type ProviderModule } from '../provider-module.js';
import { createModuleProvider } from './provider.js';

/** Names that a module's own settings cannot have. */
const RESERVED: readonly string[] = ['kind', 'module', ...Object.keys(commonFields)];

const isFunction = z.custom((value) => typeof value === 'function', 'must be a function');

/** Checks at run time what the types cannot guarantee for modules in JavaScript. */
const Definition = z.strictObject({
  name: z.string().min(1),
  defaultModel: z.string().min(1),
  stream: isFunction,
  capabilities: ModuleEntry.shape.capabilities,
  keyConfig: z.object({ required: z.boolean(), label: z.string(), where: z.string() }).optional(),
  settings: z.custom((value) => value instanceof z.ZodObject, 'must be a z.object({ … })').optional(),
  listModels: isFunction.optional(),
  healthCheck: isFunction.optional(),
  countTokens: isFunction.optional(),
});

const NO_SETTINGS = z.object({});

/**
 * A custom provider, as the default export of a module that a config entry names:
 * `{ id: mine, module: ./my-provider.js, …settings }`. The guide is docs/providers/writing-a-provider.md.
 * @throws TypeError that names everything that is wrong with the definition
 */
export function defineProvider<Settings extends z.ZodObject = typeof NO_SETTINGS>(
  definition: ProviderDefinition<Settings>,
): ProviderModule {
  assertDefinition(definition);
  const schema = (definition.settings ?? NO_SETTINGS).strict();
  return {
    create(given) {
      const entry = ModuleEntry.parse(given);
      const own = Object.entries(entry).filter(([name]) => !RESERVED.includes(name));
      // The schema is the definition's own, or the empty one that matches the default of `Settings`.
      const settings = schema.parse(Object.fromEntries(own)) as z.output<Settings>;
      return createModuleProvider(definition, entry, settings);
    },
  };
}

/** Whether this is what {@link defineProvider} returns. */
export function isProviderModule(value: unknown): value is ProviderModule {
  return typeof value === 'object' && value !== null && 'create' in value && typeof value.create === 'function';
}

function assertDefinition(definition: ProviderDefinition<z.ZodObject>): void {
  const { error } = Definition.safeParse(definition);
  const problems = (error?.issues ?? []).map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  const taken = Object.keys(error ? {} : (definition.settings?.shape ?? {})).filter((name) => RESERVED.includes(name));
  problems.push(...taken.map((name) => `settings.${name}: is a field of every entry; choose another name`));
  if (problems.length > 0) throw new TypeError(`The definition of the provider is wrong. ${problems.join('; ')}`);
}
