import type { Catalogue, PublishedBreaker, PublishedHealth } from '#runtime';

/**
 * How a provider was when a worker last asked it; `ok` is null while none has. `openBreakers`: its models that are not asked
 * now, because they have failed again and again; absent where there are none.
 */
type ProviderState = { readonly id: string; readonly openBreakers?: readonly Omit<PublishedBreaker, 'provider'>[] } & (
  ({ readonly ok: boolean } & Omit<PublishedHealth, 'ok'>) | { readonly ok: null }
);

/**
 * What workers have published about the health of the providers and the breakers of their models. What a provider said when it failed (`detail`) may hold an
 * address or a name: only a server's own developer gets it.
 */
export function providerStates(
  { providers, openBreakers }: Pick<Catalogue, 'providers' | 'openBreakers'>,
  showDetails: boolean,
): ProviderState[] {
  return providers.map(({ id, health }) => {
    const spared = openBreakers.flatMap(({ provider, ...breaker }) => (provider === id ? breaker : []));
    const breakers = spared.length > 0 ? { openBreakers: spared } : {};
    if (!health) return { id, ok: null, ...breakers };
    const { detail, ...state } = health;
    return { id, ...state, ...(showDetails && detail !== undefined && { detail }), ...breakers };
  });
}

/** Whether all that is known of them is good. */
export const areWell = (states: readonly ProviderState[]): boolean =>
  states.every(({ ok, openBreakers }) => ok !== false && !openBreakers);
