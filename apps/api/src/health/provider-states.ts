import { z } from 'zod';
import type { Catalogue, NamedBreaker } from '#runtime';
import type { AnswerOf } from '../described/describes.js';
import { breakerName } from '../models/breaker-states.js';

/**
 * The state of a provider when a worker last checked it; `ok` is null if none has yet. `openBreakers`: its models whose
 * circuit breaker is open, because they have failed repeatedly; `halfOpenBreakers`: those whose time is over, so that the next request
 * tries the model; `heldBreakers`: those that an operator has opened. All are absent if there are none. `refusedFeatures`: what its models have
 * refused and are asked without, which is no fault.
 */
export const ProviderState = z.object({
  id: z.string(),
  ok: z.boolean().nullable(),
  latencyMs: z.number().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  checkedAt: z.string().optional(),
  openBreakers: z.array(z.object({ model: z.string(), openUntil: z.string() })).optional(),
  halfOpenBreakers: z.array(z.object({ model: z.string() })).optional(),
  heldBreakers: z.array(z.object({ model: z.string() })).optional(),
  refusedFeatures: z.array(z.object({ model: z.string(), feature: z.string(), until: z.string() })).optional(),
});
type ProviderState = AnswerOf<typeof ProviderState>;

/** What workers have published, and the breakers that all of them share. */
type Known = Pick<Catalogue, 'providers' | 'openBreakers'> &
  Partial<Pick<Catalogue, 'refusedFeatures'>> & { readonly breakers?: readonly NamedBreaker[] };

/**
 * What workers have published about the health of the providers and the circuit breakers of their models. The text of a
 * provider's error (`detail`) may contain an address or a name, and is for single-user servers only.
 */
export function providerStates(
  { providers, openBreakers, refusedFeatures = [], breakers = [] }: Known,
  showDetails: boolean,
): ProviderState[] {
  return providers.map(({ id, health }) => {
    const open = openBreakers.flatMap(({ provider, ...breaker }) => (provider === id ? breaker : []));
    const refused = refusedFeatures.flatMap(({ provider, ...refusal }) => (provider === id ? refusal : []));
    const stored = breakers.filter(isOf(id));
    const models = (some: readonly NamedBreaker[]) => some.map(({ key }) => ({ model: key.slice(id.length + 1) }));
    const held = models(stored.filter(({ isHeld }) => isHeld));
    const halfOpen = models(stored.filter(isHalfOpen)).filter(({ model }) => !open.some((one) => one.model === model));
    const marks = {
      ...(open.length > 0 && { openBreakers: open }),
      ...(halfOpen.length > 0 && { halfOpenBreakers: halfOpen }),
      ...(held.length > 0 && { heldBreakers: held }),
      ...(refused.length > 0 && { refusedFeatures: refused }),
    };
    if (!health) return { id, ok: null, ...marks };
    const { detail, ...state } = health;
    return { id, ...state, ...(showDetails && detail !== undefined && { detail }), ...marks };
  });
}

/** Providers that no worker has checked yet count as healthy. */
export const areHealthy = (states: readonly ProviderState[]): boolean =>
  states.every(({ ok, openBreakers, heldBreakers }) => ok !== false && !openBreakers && !heldBreakers);

/** Of the installation's own account; breakers of tenants' keys concern them alone. */
const isOf =
  (id: string) =>
  ({ key }: NamedBreaker): boolean => {
    const name = breakerName(key);
    return name?.tenant === null && name.provider === id;
  };

const isHalfOpen = ({ opens, openForMs, isHeld }: NamedBreaker): boolean => !isHeld && opens > 0 && openForMs <= 0;
