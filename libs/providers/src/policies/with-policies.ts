import { dropAbsent } from '../http/json.js';
import type { Provider } from '../spec/provider.js';
import type { ProviderPolicies } from './policy-config.js';

/** The fields of an entry that affect how its models are called. */
interface Entry extends ProviderPolicies {
  readonly kind: string;
  readonly api?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** Software that users run on their own machines. */
const OWN_SERVERS: ReadonlySet<string> = new Set(['ollama', 'lm-studio', 'llama-cpp', 'vllm', 'text-generation-webui']);

/** The provider with the policies of its entry. */
export function withPolicies(entry: Entry, provider: Provider): Provider {
  const { limits, retry, breaker, deadlines, prices, contextWindows } = entry;
  const policies = dropAbsent({ limits, retry, breaker, deadlines, prices, contextWindows });
  return { ...provider, policies, isLocal: isLocal(entry) };
}

function isLocal({ kind, api, baseUrl }: Entry): boolean {
  if (OWN_SERVERS.has(kind) || api === 'text-generation-inference') return true;
  return baseUrl !== undefined && isLoopback(new URL(baseUrl).hostname);
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
