import { dropAbsent } from '../http/json.js';
import type { Provider } from '../spec/provider.js';
import type { ProviderPolicies } from '../spec/policy-config.js';

/** The fields of an entry that affect how its models are called. */
interface Entry extends ProviderPolicies {
  readonly baseUrl?: string | undefined;
}

/** The provider with the policies of its entry. `isOwnServer`: it is software that people run themselves. */
export function withPolicies(entry: Entry, provider: Provider, isOwnServer: boolean): Provider {
  const { limits, retry, breaker, deadlines, prices, contextWindows, settings, body } = entry;
  const policies = dropAbsent({ limits, retry, breaker, deadlines, prices, contextWindows, settings, body });
  return { ...provider, policies, isOwnServer, isLocal: isOwnServer || isOnThisMachine(entry) };
}

function isOnThisMachine({ baseUrl }: Entry): boolean {
  return baseUrl !== undefined && isLoopback(new URL(baseUrl).hostname);
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
