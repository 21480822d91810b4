import type { Catalogue, PublishedHealth } from '#runtime';

/** How a provider was when a worker last asked it. `ok` is null, and nothing else known, while none has. */
type ProviderState = { readonly id: string } & (
  ({ readonly ok: boolean } & Omit<PublishedHealth, 'ok'>) | { readonly ok: null }
);

/**
 * What workers have published about the health of the providers. What a provider said when it failed (`detail`) may hold an
 * address or a name: only a server's own developer gets it.
 */
export function providerStates({ providers }: Pick<Catalogue, 'providers'>, showDetails: boolean): ProviderState[] {
  return providers.map(({ id, health }) => {
    if (!health) return { id, ok: null };
    const { detail, ...state } = health;
    return { id, ...state, ...(showDetails && detail !== undefined && { detail }) };
  });
}
