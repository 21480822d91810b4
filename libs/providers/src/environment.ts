import * as z from 'zod';
import { ProviderConfig } from './config.js';

/** An empty variable is an absent one: compose files and shells produce them. */
const variable = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() ? value.trim() : undefined), schema.optional());

const Environment = z.object({
  OPENAI_API_KEY: variable(z.string()),
  OPENAI_BASE_URL: variable(z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' })),
});

/**
 * The providers that environment variables enable without a config file, demo when there are none.
 *
 * | variable | is |
 * |---|---|
 * | `OPENAI_API_KEY` | enables `openai` |
 * | `OPENAI_BASE_URL` | where it is, with or without a trailing slash; alone it enables `openai` on a server that wants no key |
 *
 * @throws z.ZodError whose paths are the names of the variables that are wrong, all of them at once
 */
export function providersFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProviderConfig[] {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = Environment.parse(env);
  const providers: ProviderConfig[] = [];
  if (apiKey || baseUrl) providers.push(ProviderConfig.parse({ kind: 'openai', apiKey, baseUrl }));
  if (providers.length === 0) providers.push(ProviderConfig.parse({ kind: 'demo' }));
  return providers;
}
