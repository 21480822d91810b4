import { z } from 'zod';
import type { Catalogue, NamedBreaker } from '#runtime';

/** What breaker a key names: of a model at a provider, called with the key of the installation or of a tenant. */
interface BreakerName {
  readonly tenant: string | null;
  readonly provider: string;
  readonly model: string;
}

type Offered = Pick<Catalogue, 'providers' | 'publicModels'>;

/** The key of a tenant's own account is `tenant/<tenant>/<provider>/<model>`; a model's name may hold slashes. */
export function breakerName(key: string): BreakerName | undefined {
  const [, tenant, own] = /^tenant\/([^/]+)\/(.+)$/.exec(key) ?? [];
  const [, provider, model] = /^([^/]+)\/(.+)$/s.exec(own ?? key) ?? [];
  if (provider === undefined || model === undefined) return undefined;
  return { tenant: tenant === undefined ? null : decodeURIComponent(tenant), provider, model };
}

/** The breakers that are stored, and those of all configured models, which are closed. By their keys. */
export function breakerStates(stored: readonly NamedBreaker[], offered: Offered | undefined) {
  const found = new Map(configuredModels(offered).map((key) => [key, closedBreaker(key)]));
  for (const breaker of stored) found.set(breaker.key, breaker);
  return [...found.values()]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((breaker) => breakerState(breaker) ?? []);
}

export const closedBreaker = (key: string): NamedBreaker => ({
  key,
  failures: 0,
  openForMs: 0,
  opens: 0,
  isHeld: false,
});

export const BreakerShown = z.object({
  key: z.string(),
  /** Null: of the configuration's account. */
  tenant: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  state: z.enum(['open', 'half_open', 'closed']),
  opened_by: z.enum(['operator', 'failures']).nullable(),
  /** Null: it is not open, or until somebody closes it. */
  open_for_ms: z.number().nullable(),
  failures: z.number(),
  last_error: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
type BreakerShown = z.output<typeof BreakerShown>;

/** Undefined for a key that names nothing. */
export function breakerState({
  key,
  failures,
  openForMs,
  opens,
  isHeld,
  last,
}: NamedBreaker): BreakerShown | undefined {
  const name = breakerName(key);
  if (!name) return undefined;
  const isOpen = isHeld || openForMs > 0;
  return {
    key,
    ...name,
    state: isOpen ? 'open' : opens > 0 ? 'half_open' : 'closed',
    opened_by: isHeld ? 'operator' : opens > 0 ? 'failures' : null,
    open_for_ms: !isHeld && openForMs > 0 ? openForMs : null,
    failures,
    last_error: last ?? null,
  };
}

const configuredModels = ({ providers, publicModels }: Offered = { providers: [], publicModels: [] }): string[] => [
  ...providers.flatMap(({ id, defaultModel, models }) => [defaultModel, ...models].map((model) => `${id}/${model}`)),
  ...publicModels.map(({ provider, model }) => `${provider}/${model}`),
];
