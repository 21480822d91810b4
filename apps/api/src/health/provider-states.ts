import { z } from 'zod';
import type { Catalogue, NamedBreaker } from '#runtime';
import type { AnswerOf } from '../described/describes.js';
import { breakerState } from '../models/breaker-states.js';

/**
 * The state of a provider when a worker last checked it; `ok` is null if none has yet. `openBreakers`: its models whose
 * circuit breaker is open, because they have failed repeatedly; `halfOpenBreakers`: those whose time is over, so that the next request
 * tries the model; `heldBreakers`: those that an operator has opened, which are in no other list. All are absent if there are none. `refusedFeatures`: what its models have
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
  // Of the installation's own account; breakers of tenants' keys concern them alone.
  const stored = breakers.flatMap((breaker) => breakerState(breaker) ?? []).filter(({ tenant }) => tenant === null);
  return providers.map(({ id, health }) => {
    const own = stored.filter(({ provider }) => provider === id);
    const held = own.filter(({ opened_by: by }) => by === 'operator').map(toModel);
    const isHeld = new Set(held.map(({ model }) => model));
    const open = openBreakers.flatMap(({ provider, ...breaker }) =>
      provider === id && !isHeld.has(breaker.model) ? breaker : [],
    );
    const isOpen = new Set(open.map(({ model }) => model));
    const halfOpen = own.filter(({ state, model }) => state === 'half_open' && !isOpen.has(model)).map(toModel);
    const refused = refusedFeatures.flatMap(({ provider, ...refusal }) => (provider === id ? refusal : []));
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

const toModel = ({ model }: { readonly model: string }) => ({ model });
