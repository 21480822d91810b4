import { z } from 'zod';

/** A whole number of requests or tokens; `false` means no limit, also where there is one by default. */
const Count = z.union([z.literal(false), z.int().min(1)]);
/** An amount in the currency of the prices. */
const Amount = z.union([z.literal(false), z.number().positive()]);

const Limits = z.strictObject({
  requestsPerMinute: Count.optional().describe('Requests a minute; `false` means no limit'),
  tokensPerDay: Count.optional().describe('Tokens a day, input and output together; `false` means no limit'),
  tokensPerMonth: Count.optional().describe('The same a month; `false` means no limit'),
  costPerDay: Amount.optional().describe('Money a day, in the currency of the prices; `false` means no limit'),
  costPerMonth: Amount.optional().describe('The same a month; `false` means no limit'),
});
type Limits = z.output<typeof Limits>;

/** The `quotas` of the config file. Without one there are no quotas. */
export const QuotasConfig = z.strictObject({
  reserve: z
    .strictObject({
      tokens: z.int().min(1).default(8_000).describe('Tokens'),
      cost: z.number().positive().optional().describe('Money; required with a quota of it'),
    })
    .prefault({})
    .describe('What a run reserves until it ends'),
  perUser: Limits.default({}),
  perTenant: Limits.default({}),
  perAddress: z
    .strictObject({ requestsPerMinute: Count.optional().describe('Requests a minute; `false` means no limit') })
    .default({})
    .describe("Of the caller's network address, before it is known who calls"),
  tenants: z
    .record(z.string().min(1), z.strictObject({ perUser: Limits.default({}), perTenant: Limits.default({}) }))
    .default({})
    .describe('What differs for single tenants'),
});
export type QuotasConfig = z.output<typeof QuotasConfig>;

/** Who shares a quota. */
export type Scope = 'user' | 'tenant';

/** The quotas of a user or of a tenant. Null: no limit. Money in millionths of the prices' currency. */
export interface ScopeQuotas {
  readonly tokensPerDay: number | null;
  readonly tokensPerMonth: number | null;
  readonly microsPerDay: number | null;
  readonly microsPerMonth: number | null;
}

export interface Reservation {
  readonly tokens: number;
  readonly micros: number;
}

/** The quotas of tokens and money of one installation; there is no such object where none is configured. */
export interface Quotas {
  readonly reserve: Reservation;
  /** Whose use is counted, for every tenant: where no tenant has such a quota, it is not. In the order of their locks. */
  readonly scopes: readonly Scope[];
  /** The tenants that have limits of their own. */
  readonly named: readonly string[];
  of(tenantId: string): Readonly<Record<Scope, ScopeQuotas>>;
}

/** Limits of requests a minute. Null: no limit. */
export interface RequestRates {
  readonly perAddress: number | null;
  of(tenantId: string): Readonly<Record<Scope, number | null>>;
}

const SCOPES: readonly Scope[] = ['tenant', 'user'];
const MICROS = 1_000_000;
const toMicros = (amount: number): number => Math.ceil(amount * MICROS);

/** The configured quotas; undefined when there are none of tokens or money. */
export function quotasOf(config: QuotasConfig): Quotas | undefined {
  const all = everyTenant(config).map(scopesOf);
  const scopes = SCOPES.filter((scope) => all.some((one) => Object.values(one[scope]).some((limit) => limit !== null)));
  if (scopes.length === 0) return undefined;
  const find = perTenant(config, scopesOf);
  const reserve = { tokens: config.reserve.tokens, micros: toMicros(config.reserve.cost ?? 0) };
  return { reserve, scopes, named: Object.keys(config.tenants), of: find };
}

/** The configured limits of requests; undefined when there are none. */
export function requestRatesOf(config: QuotasConfig): RequestRates | undefined {
  const perAddress = config.perAddress.requestsPerMinute || null;
  const all = everyTenant(config).map(ratesOf);
  if (perAddress === null && all.every(({ user, tenant }) => user === null && tenant === null)) return undefined;
  return { perAddress, of: perTenant(config, ratesOf) };
}

/** A mistake at a place of the config file. */
interface QuotaProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with quotas that are well-formed. @public to knip, which does not see its use in config-file.ts */
export function quotaProblems(config: QuotasConfig): QuotaProblem[] {
  const { reserve } = config;
  return [...named(config)].flatMap(([path, limits]) => {
    const tokens = (['tokensPerDay', 'tokensPerMonth'] as const).filter((name) =>
      isBelow(limits[name], reserve.tokens),
    );
    const costs = (['costPerDay', 'costPerMonth'] as const).filter((name) => limits[name]);
    return [
      ...tokens.map((name) => ({
        path: [...path, name],
        message: `is less than one run reserves (quotas.reserve.tokens: ${reserve.tokens})`,
      })),
      ...costs.flatMap((name) => costProblem(reserve.cost, [...path, name], limits[name])),
    ];
  });
}

function costProblem(reserved: number | undefined, path: readonly string[], limit: number | false | undefined) {
  if (reserved === undefined) {
    const message = `is required with ${path.join('.')}: what one run may cost`;
    return [{ path: ['quotas', 'reserve', 'cost'], message }];
  }
  if (!isBelow(limit, reserved)) return [];
  return [{ path, message: `is less than one run reserves (quotas.reserve.cost: ${reserved})` }];
}

const isBelow = (limit: number | false | undefined, least: number): boolean =>
  typeof limit === 'number' && limit < least;

function* named({
  perUser,
  perTenant: perTenantLimits,
  tenants,
}: QuotasConfig): Generator<[readonly string[], Limits]> {
  yield [['quotas', 'perUser'], perUser];
  yield [['quotas', 'perTenant'], perTenantLimits];
  for (const [tenant, own] of Object.entries(tenants)) {
    yield [['quotas', 'tenants', tenant, 'perUser'], own.perUser];
    yield [['quotas', 'tenants', tenant, 'perTenant'], own.perTenant];
  }
}

type ByScope = Readonly<Record<Scope, Limits>>;

const byDefault = ({ perUser, perTenant: tenant }: QuotasConfig): ByScope => ({ user: perUser, tenant });

const ofTenant = (config: QuotasConfig, own: QuotasConfig['tenants'][string]): ByScope => ({
  user: { ...config.perUser, ...own.perUser },
  tenant: { ...config.perTenant, ...own.perTenant },
});

const everyTenant = (config: QuotasConfig): ByScope[] => [
  byDefault(config),
  ...Object.values(config.tenants).map((own) => ofTenant(config, own)),
];

/** A tenant may be called like anything, also like a property of every object. */
function perTenant<T>(config: QuotasConfig, read: (limits: ByScope) => T): (tenantId: string) => T {
  const others = read(byDefault(config));
  const known = new Map(Object.entries(config.tenants).map(([id, own]) => [id, read(ofTenant(config, own))] as const));
  return (tenantId) => known.get(tenantId) ?? others;
}

const scopesOf = ({ user, tenant }: ByScope): Record<Scope, ScopeQuotas> => ({
  user: quotasIn(user),
  tenant: quotasIn(tenant),
});

const quotasIn = ({ tokensPerDay, tokensPerMonth, costPerDay, costPerMonth }: Limits): ScopeQuotas => ({
  tokensPerDay: tokensPerDay || null,
  tokensPerMonth: tokensPerMonth || null,
  microsPerDay: costPerDay ? toMicros(costPerDay) : null,
  microsPerMonth: costPerMonth ? toMicros(costPerMonth) : null,
});

const ratesOf = ({ user, tenant }: ByScope): Record<Scope, number | null> => ({
  user: user.requestsPerMinute || null,
  tenant: tenant.requestsPerMinute || null,
});

/** What is known of a run's size before it begins. */
export interface RunSize {
  /** Characters of text that the request itself brings. */
  readonly characters: number;
  /** The longest answer that the request allows; 0: not said. In tokens. */
  readonly maxOutputTokens: number;
  /** Of what it brings besides text. */
  readonly otherTokens?: number;
}

/** About as few as a token has in languages with an alphabet. */
const CHARACTERS_PER_TOKEN = 3;

/** What a run reserves: the configured amount, or more where its request alone is larger; money in proportion. */
export function reservationFor(
  { reserve }: Quotas,
  { characters, maxOutputTokens, otherTokens = 0 }: RunSize,
): Reservation {
  const expected = Math.ceil(characters / CHARACTERS_PER_TOKEN) + maxOutputTokens + otherTokens;
  if (expected <= reserve.tokens) return reserve;
  const tokens = Math.min(expected, MAX_RESERVED);
  return { tokens, micros: Math.min(Math.ceil((reserve.micros * tokens) / reserve.tokens), MAX_RESERVED) };
}

/** Sums with it are exact in JavaScript and in Postgres. */
const MAX_RESERVED = 2 ** 50;
