import type { Provider } from '../spec/provider.js';
import {
  type Breaker,
  type CallPolicies,
  type Deadlines,
  type Limits,
  type NamedModel,
  POLICY_DEFAULTS,
  type Retry,
} from '../spec/policy-config.js';
import { type CallDefaults, joinedDefaults } from './call-defaults.js';
import type { BreakerRule } from './policy-state.js';

type Numbers<T> = { readonly [Field in keyof T]: number };

export type RetryRule = Numbers<typeof POLICY_DEFAULTS.retry>;
export type DeadlineRule = Numbers<typeof POLICY_DEFAULTS.deadlines>;

/** Limits, and what they are the limits of. */
export interface ScopedLimits {
  /** Their key in the shared state: `provider/<id>` or `model/<public name>`. */
  readonly scope: string;
  readonly limits: Limits;
}

/** How one model is called, with all defaults filled in. */
export interface CallRules {
  /** The narrower first: a call that waits for it must not hold a place of the wider one. */
  readonly limits: readonly ScopedLimits[];
  readonly retry: RetryRule;
  /** Undefined: there is none. */
  readonly breaker: BreakerRule | undefined;
  readonly deadlines: DeadlineRule;
  /** What its calls are made with that say nothing else. */
  readonly defaults: CallDefaults;
}

/** A public name in its long form. */
export interface Named {
  readonly name: string;
  readonly settings: NamedModel;
}

/** Precedence: the public name, the provider, the installation's deadlines, the defaults. */
export function callRules(
  { id, policies = {}, isLocal = false }: Pick<Provider, 'id' | 'policies' | 'isLocal'>,
  named: Named | undefined,
  deadlines: Deadlines | undefined,
): CallRules {
  const own: CallPolicies = named?.settings ?? {};
  return {
    limits: [...(named ? limitsOfName([named.name, named.settings]) : []), ...limitsOfProvider({ id, policies })],
    retry: filled<Retry>(POLICY_DEFAULTS.retry, own.retry, policies.retry),
    breaker: breakerRule(own.breaker, policies.breaker),
    deadlines: filled<Deadlines>(
      isLocal ? POLICY_DEFAULTS.localDeadlines : POLICY_DEFAULTS.deadlines,
      own.deadlines,
      policies.deadlines,
      deadlines,
    ),
    defaults: joinedDefaults(policies, named?.settings ?? {}),
  };
}

export const limitsOfProvider = ({ id, policies }: Pick<Provider, 'id' | 'policies'>): ScopedLimits[] =>
  policies?.limits ? [{ scope: `provider/${id}`, limits: policies.limits }] : [];

export const limitsOfName = ([name, settings]: readonly [string, string | NamedModel]): ScopedLimits[] =>
  typeof settings === 'object' && settings.limits ? [{ scope: `model/${name}`, limits: settings.limits }] : [];

function breakerRule(...said: readonly (Breaker | undefined)[]): BreakerRule | undefined {
  if (said.find((one) => one !== undefined) === false) return undefined;
  return filled<Exclude<Breaker, false>>(POLICY_DEFAULTS.breaker, ...said.map((one) => one || undefined));
}

/** Each field from the first source that has it. */
function filled<Said extends Readonly<Record<string, number | undefined>>>(
  defaults: Numbers<Required<Said>>,
  ...said: readonly (Said | undefined)[]
): Numbers<Required<Said>> {
  const entries = Object.entries(defaults).map(([field, value]) => {
    const first = said.find((one) => one?.[field] !== undefined)?.[field];
    return [field, first ?? value];
  });
  return Object.fromEntries(entries) as Numbers<Required<Said>>;
}
