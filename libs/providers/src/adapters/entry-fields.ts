import * as z from 'zod';
import { providerPolicies } from '../spec/policy-config.js';
import { PROVIDER_ID } from '../spec/provider.js';

// Fields that the settings of every kind of provider are made of.

export const id = z.string().regex(PROVIDER_ID);
export const secret = z.string().trim().min(1);
export const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
/** Paths are put behind it, so that a query or a fragment would swallow them. */
export const baseUrl = url.refine((value) => !/[?#]/.test(value), {
  error: 'must end before the query: leave out ? or # and what follows',
});
export const modelId = z.string().min(1);

export const common = {
  /** Display name. By default the vendor's name, or the id. */
  name: z.string().min(1).optional(),
  /** Several keys in place of `apiKey`: used in turn; a refused key is set aside. */
  apiKeys: z.array(secret).min(1).optional(),
  /** Sent with every request. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Model ids to offer without asking the provider. */
  models: z.array(modelId).optional(),
  /** Refuse models that `models` does not name, instead of sending the name upstream unchanged. */
  onlyListed: z.boolean().optional(),
  ...providerPolicies,
};
