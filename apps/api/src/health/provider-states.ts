import type { Catalogue, PublishedBreaker, PublishedHealth, PublishedRefusal } from '#runtime';

/**
 * The state of a provider when a worker last checked it; `ok` is null if none has yet. `openBreakers`: its models whose
 * circuit breaker is open, because they have failed repeatedly; absent if there are none. `refusedFeatures`: what its models have
 * refused and are asked without, which is no fault.
 */
type ProviderState = {
  readonly id: string;
  readonly openBreakers?: readonly Omit<PublishedBreaker, 'provider'>[];
  readonly refusedFeatures?: readonly Omit<PublishedRefusal, 'provider'>[];
} & (({ readonly ok: boolean } & Omit<PublishedHealth, 'ok'>) | { readonly ok: null });

/**
 * What workers have published about the health of the providers and the circuit breakers of their models. The text of a
 * provider's error (`detail`) may contain an address or a name, and is for single-user servers only.
 */
export function providerStates(
  {
    providers,
    openBreakers,
    refusedFeatures = [],
  }: Pick<Catalogue, 'providers' | 'openBreakers'> & Partial<Pick<Catalogue, 'refusedFeatures'>>,
  showDetails: boolean,
): ProviderState[] {
  return providers.map(({ id, health }) => {
    const open = openBreakers.flatMap(({ provider, ...breaker }) => (provider === id ? breaker : []));
    const refused = refusedFeatures.flatMap(({ provider, ...refusal }) => (provider === id ? refusal : []));
    const breakers = {
      ...(open.length > 0 && { openBreakers: open }),
      ...(refused.length > 0 && { refusedFeatures: refused }),
    };
    if (!health) return { id, ok: null, ...breakers };
    const { detail, ...state } = health;
    return { id, ...state, ...(showDetails && detail !== undefined && { detail }), ...breakers };
  });
}

/** Providers that no worker has checked yet count as healthy. */
export const areHealthy = (states: readonly ProviderState[]): boolean =>
  states.every(({ ok, openBreakers }) => ok !== false && !openBreakers);
