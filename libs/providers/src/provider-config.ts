import * as z from 'zod';
import type { Kind } from './adapters/kind.js';
import { KINDS } from './adapters/kinds.js';

type SchemasOf<Kinds extends readonly Pick<Kind, 'config'>[]> = { [Index in keyof Kinds]: Kinds[Index]['config'] };

// A list keeps its length when it is mapped, which the type of `map` does not say.
const SCHEMAS = KINDS.map(({ config }) => config) as unknown as SchemasOf<typeof KINDS>;

const kindNames = () => SCHEMAS.flatMap(({ shape }) => [...shape.kind.values]).join(', ');

/** Settings of one provider. Several of one kind may exist under different ids. */
export const ProviderConfig = z
  .discriminatedUnion('kind', SCHEMAS, {
    error: () => `must be one of ${kindNames()}; or leave it out and name a module`,
  })
  .superRefine((config, context) => {
    if (!('apiKeys' in config) || !config.apiKeys || !('apiKey' in config) || config.apiKey === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['apiKeys'],
      message: 'cannot be set together with apiKey: remove one of them',
    });
  })
  .superRefine((config, context) => {
    if (!('onlyListed' in config) || !config.onlyListed) return;
    const { models = [], defaultModel } = config;
    const problem = models.length === 0 ? 'needs models' : 'needs the default model among models';
    if (defaultModel !== undefined && models.includes(defaultModel)) return;
    context.addIssue({ code: 'custom', path: ['onlyListed'], message: problem });
  });
export type ProviderConfig = z.output<typeof ProviderConfig>;
/** A {@link ProviderConfig} as a person writes it, defaults left out. */
export type ProviderConfigInput = z.input<typeof ProviderConfig>;
