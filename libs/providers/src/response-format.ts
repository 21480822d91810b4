import { kindOf } from './adapters/kinds.js';
import { ProviderConfig, type ProviderConfigInput } from './provider-config.js';
import type { ProviderOptions } from './spec/language-model.js';
import type { ResponseOptions } from './spec/response-options.js';

/**
 * The options as request fields of every configured provider that supports the format, so that fallbacks are asked for it, too. A
 * provider that is missing from the result cannot guarantee the format.
 */
export function responseOptions(configs: readonly ProviderConfigInput[], options: ResponseOptions): ProviderOptions {
  const entries = configs.flatMap((input): [string, Readonly<Record<string, unknown>>][] => {
    const config = ProviderConfig.parse(input);
    const fieldsOf = kindOf(config).formatFields(config);
    return fieldsOf ? [[config.id, fieldsOf(options)]] : [];
  });
  return Object.fromEntries(entries);
}
