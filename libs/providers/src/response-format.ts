import { kindOf } from './adapters/kinds.js';
import { ProviderConfig, type ProviderConfigInput } from './provider-config.js';
import type { ProviderOptions } from './spec/language-model.js';
import type { ResponseOptions } from './spec/response-options.js';

/**
 * Gives options as request fields of every configured provider that supports the format, so that fallbacks are asked for it, too. A
 * provider that is missing from the result cannot guarantee the format.
 */
export function responseOptionsOf(
  configs: readonly ProviderConfigInput[],
): (options: ResponseOptions) => ProviderOptions {
  const formats = configs.flatMap((input) => {
    const config = ProviderConfig.parse(input);
    const fieldsOf = kindOf(config).formatFields(config);
    return fieldsOf ? [{ id: config.id, fieldsOf }] : [];
  });
  return (options) => Object.fromEntries(formats.map(({ id, fieldsOf }) => [id, fieldsOf(options)]));
}
