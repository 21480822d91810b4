// What a config file says of providers, and what becomes of it: one path for code outside this library.
export { createProviders } from './create-providers.js';
export { ProviderConfig, type ProviderConfigInput } from './provider-config.js';
