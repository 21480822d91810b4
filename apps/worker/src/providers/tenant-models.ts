import { Injectable } from '@nestjs/common';
import { createProviders, type Provider, type ProviderConfigInput, withoutSecrets } from '#providers';
import { EventEngine, Logger, ProviderKeys } from '#runtime';
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

interface TenantEntry {
  readonly loaded: Promise<ModelRegistry>;
  readonly until: number;
}

/**
 * The models as a tenant calls them: with its own keys where an administrator has stored some, else with those of the
 * configuration. Never with the configuration's key where the tenant's own cannot be read: the call fails instead.
 */
@Injectable()
export class TenantModels {
  private readonly entries = new Map<string, TenantEntry>();
  private readonly made = new Map<string, { readonly keys: string; readonly registry: ModelRegistry }>();

  constructor(
    private readonly shared: ModelRegistry,
    private readonly settings: ModelSettings,
    private readonly keys: ProviderKeys,
    private readonly engine: EventEngine,
    private readonly breakers: OpenBreakers,
    private readonly refused: RefusedFeatures,
    private readonly logger: Logger,
  ) {}

  /** Without `SECRETS_KEY` this asks nobody. Rejects when Postgres does, or when a key cannot be decrypted. */
  async of(tenantId: string): Promise<ModelRegistry> {
    if (!this.keys.isEnabled) return this.shared;
    const known = this.entries.get(tenantId);
    if (known && known.until > performance.now()) return known.loaded;
    const entry = { loaded: this.load(tenantId), until: performance.now() + KEYS_KNOWN_MS };
    this.remember(tenantId, entry);
    entry.loaded.catch(() => this.entries.delete(tenantId));
    return entry.loaded;
  }

  private remember(tenantId: string, entry: TenantEntry): void {
    this.entries.delete(tenantId);
    this.entries.set(tenantId, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size <= MAX_TENANTS || oldest === undefined) return;
    this.entries.delete(oldest);
    this.made.delete(oldest);
  }

  private async load(tenantId: string): Promise<ModelRegistry> {
    const keys = await this.keys.load(tenantId);
    if (keys.size === 0) return this.shared;
    const same = JSON.stringify([...keys]);
    const made = this.made.get(tenantId);
    if (made?.keys === same) return made.registry;
    const registry = this.make(tenantId, keys);
    this.made.set(tenantId, { keys: same, registry });
    return registry;
  }

  private make(tenantId: string, keys: ReadonlyMap<string, string>): ModelRegistry {
    const { providers, ...settings } = this.settings;
    const own = new Map([...keys].map(([id, key]) => [id, this.ownProvider(tenantId, id, key)]));
    const { breakers, refused, logger } = this;
    return createModelRegistry(
      {
        ...settings,
        providers: providers.flatMap((shared) => (own.has(shared.id) ? (own.get(shared.id) ?? []) : shared)),
      },
      { breakers, refused, logger },
      {
        state: scopedPolicyState(this.engine.policies, (id) => own.has(id), `tenant/${encodeURIComponent(tenantId)}/`),
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

const idOf = ({ id, kind }: ProviderConfigInput & { readonly id?: string }): string => id ?? kind;
