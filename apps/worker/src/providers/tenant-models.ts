import { Injectable } from '@nestjs/common';
import { createProviders, LimitWaits, type Provider, type ProviderConfigInput, withoutSecrets } from '#providers';
import { EventEngine, Logger, ProviderKeys } from '#runtime';
import { ModelMetrics } from '../metrics/model-metrics.js';
import { createModelRegistry } from './create-model-registry.js';
import { ModelRegistry } from './model-registry.js';
import { ModelSettings } from './model-settings.js';
import { OpenBreakers } from './open-breakers.js';
import { RefusedFeatures } from './refused-features.js';
import { scopedPolicyState } from './scoped-policy-state.js';

/** A key that was stored, replaced or deleted is in use, or not any more, after this long at the latest. */
const KEYS_KNOWN_MS = 10_000;
/** Registries of tenants that are kept ready; the one that was asked for longest ago is dropped. */
const MAX_TENANTS = 1_000;

interface Loaded {
  /** What tells whether the keys are still the same. */
  readonly keys: string;
  readonly registry: ModelRegistry;
}

interface TenantEntry {
  readonly loaded: Promise<Loaded>;
  /** It is asked again after that, and kept to see what has changed. */
  readonly until: number;
}

/**
 * The models as a tenant calls them: with its own keys where an administrator has stored some, else with those of the
 * configuration. Never with the configuration's key where the tenant's own cannot be read: the call fails instead.
 */
@Injectable()
export class TenantModels {
  private readonly entries = new Map<string, TenantEntry>();

  constructor(
    private readonly shared: ModelRegistry,
    private readonly settings: ModelSettings,
    private readonly keys: ProviderKeys,
    private readonly engine: EventEngine,
    private readonly breakers: OpenBreakers,
    private readonly refused: RefusedFeatures,
    private readonly metrics: ModelMetrics,
    private readonly waits: LimitWaits,
    private readonly logger: Logger,
  ) {}

  /** Without `SECRETS_KEY` this asks nobody. Rejects when Postgres does, or when a key cannot be decrypted. */
  async of(tenantId: string): Promise<ModelRegistry> {
    if (!this.keys.isEnabled) return this.shared;
    const known = this.entries.get(tenantId);
    if (known && known.until > performance.now()) return (await known.loaded).registry;
    const entry = { loaded: this.load(tenantId, known?.loaded), until: performance.now() + KEYS_KNOWN_MS };
    this.remember(tenantId, entry);
    try {
      return (await entry.loaded).registry;
    } catch (error) {
      // The next one asks again.
      if (this.entries.get(tenantId) === entry) this.forget(tenantId, known);
      throw error;
    }
  }

  private remember(tenantId: string, entry: TenantEntry): void {
    this.entries.delete(tenantId);
    this.entries.set(tenantId, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > MAX_TENANTS && oldest !== undefined) this.entries.delete(oldest);
  }

  /** What was known before may still be as it was: it is out of date all the same. */
  private forget(tenantId: string, before: TenantEntry | undefined): void {
    if (before) this.entries.set(tenantId, before);
    else this.entries.delete(tenantId);
  }

  /** A registry holds connections and what it has learned: it is made anew for other keys only. */
  private async load(tenantId: string, before: Promise<Loaded> | undefined): Promise<Loaded> {
    const keys = await this.keys.load(tenantId);
    const same = JSON.stringify([...keys]);
    const earlier = await before?.catch(() => undefined);
    if (earlier?.keys === same) return earlier;
    return { keys: same, registry: keys.size === 0 ? this.shared : this.make(tenantId, keys) };
  }

  private make(tenantId: string, keys: ReadonlyMap<string, string>): ModelRegistry {
    const { providers, ...settings } = this.settings;
    const own = new Map([...keys].map(([id, key]) => [id, this.ownProvider(tenantId, id, key)]));
    const { breakers, refused, metrics, logger } = this;
    return createModelRegistry(
      {
        ...settings,
        providers: providers.flatMap((shared) => (own.has(shared.id) ? (own.get(shared.id) ?? []) : shared)),
      },
      { breakers, refused, metrics, logger },
      {
        state: scopedPolicyState(this.engine.policies, (id) => own.has(id), `tenant/${encodeURIComponent(tenantId)}/`),
        waits: {
          begin: (scope) => (isOwnLimit(scope, own) ? () => undefined : this.waits.begin(scope)),
          hold: (scope) => (isOwnLimit(scope, own) ? () => undefined : this.waits.hold(scope)),
        },
        isPrivate: (event) => 'ref' in event && own.has(event.ref.provider),
      },
    );
  }

  /** Undefined for one that cannot be made with a key: then the tenant does not have this provider at all. */
  private ownProvider(tenantId: string, id: string, apiKey: string): Provider | undefined {
    const config = this.settings.configs.find((one) => idOf(one) === id);
    try {
      if (!config || config.kind === 'module') throw new Error('it is not configured, or is a module');
      const { apiKeys: _, ...rest } = { apiKeys: undefined, ...config };
      return createProviders([{ ...rest, apiKey } as ProviderConfigInput], undefined, this.settings.outgoing)[0];
    } catch (error) {
      const reason = withoutSecrets(String(error), [apiKey]);
      this.logger.warn({ tenantId, provider: id, reason }, 'a tenant has a key that cannot be used');
      return undefined;
    }
  }
}

/** Calls that wait within the limits of a tenant's own account are none of the configuration's. */
const isOwnLimit = (scope: string, own: ReadonlyMap<string, unknown>): boolean =>
  scope.startsWith('provider/') && own.has(scope.slice('provider/'.length));

const idOf = ({ id, kind }: ProviderConfigInput & { readonly id?: string }): string => id ?? kind;
