import type { Check } from '../check.js';
import { type Finding, ok, skip, warn } from '../finding.js';
import { ask, objectIn } from '../server/ask.js';
import type { Server } from '../server/server.js';

interface ProviderState {
  readonly id: string;
  readonly ok: boolean | null;
  readonly code?: string;
  readonly openBreakers?: readonly { readonly model: string; readonly openUntil: string }[];
  readonly halfOpenBreakers?: readonly { readonly model: string }[];
  readonly heldBreakers?: readonly { readonly model: string }[];
}

/** What the workers of a server have learned about its providers. */
export const breakers: Check<Server> = {
  name: 'breakers',
  async run({ url }) {
    const ready = await objectIn(await ask(`${url}/health/ready?deep=1`));
    const providers = (ready?.['providers'] ?? []) as readonly ProviderState[];
    if (providers.length === 0) return [skip('No worker has reported its providers yet.')];
    const findings = providers.flatMap(findingsOf);
    return findings.length > 0 ? findings : [ok(`closed; healthy: ${providers.map(({ id }) => id).join(', ')}`)];
  },
};

function findingsOf(provider: ProviderState): Finding[] {
  const { id, ok: isHealthy, code, openBreakers = [], halfOpenBreakers = [], heldBreakers = [] } = provider;
  return [
    ...(isHealthy === false
      ? [
          warn(
            `${id} failed the health check of a worker (${code}).`,
            "See the worker's log, or run the doctor where a worker runs.",
          ),
        ]
      : []),
    ...openBreakers.map(({ model, openUntil }) =>
      warn(
        `${id}/${model} gets no requests until ${openUntil}: it has failed repeatedly.`,
        "See the worker's log for the reason. Until then, fallbacks answer where they are configured.",
      ),
    ),
    ...halfOpenBreakers.map(({ model }) =>
      warn(
        `${id}/${model} has failed repeatedly, and the next request tries it again.`,
        'Send it a message: when it answers, the circuit breaker is closed.',
      ),
    ),
    ...heldBreakers.map(({ model }) =>
      warn(
        `${id}/${model} gets no requests: an administrator has opened its circuit breaker.`,
        'Close it at /admin when the model may be asked again.',
      ),
    ),
  ];
}
