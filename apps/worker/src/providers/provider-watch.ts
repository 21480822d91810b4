import { Injectable } from '@nestjs/common';
import type { ModelInfo, ProviderHealth, ProviderModels } from '#providers';
import { DatabaseClock, Logger, operatorHint, type PublishedHealth } from '#runtime';
import { runErrorOf } from '../attempt/run-error-of.js';
import { ModelRegistry } from './model-registry.js';
import { UnlistedModels } from './unlisted-models.js';

/** What is known of a provider since its last check: empty until then. */
export interface ProviderStatus {
  /** The models that it lists; the last list that it gave, while it gives none. */
  readonly listed?: readonly ModelInfo[];
  readonly health?: PublishedHealth;
}

/** The interval of the providers' health checks. */
const ASK_EVERY_MS = 60_000;

/**
 * Checks regularly which models the providers list and whether they are healthy. Nothing waits for a check, and a provider
 * that fails does not fail it: the registry answers within a few seconds and caches the lists for some minutes.
 */
@Injectable()
export class ProviderWatch {
  private readonly statuses = new Map<string, ProviderStatus>();
  private timer: NodeJS.Timeout | undefined;
  private round: AbortController | undefined;

  constructor(
    private readonly registry: ModelRegistry,
    private readonly logger: Logger,
    private readonly clock: DatabaseClock,
    private readonly unlisted: UnlistedModels,
  ) {}

  /** Asks at once and then every minute; `onChange` is called after each answer. */
  start(onChange: () => void): void {
    const ask = () => void this.ask(onChange);
    this.timer = setInterval(ask, ASK_EVERY_MS);
    ask();
  }

  stop(): void {
    clearInterval(this.timer);
    this.round?.abort();
  }

  statusOf(id: string): ProviderStatus {
    return this.statuses.get(id) ?? {};
  }

  private async ask(onChange: () => void): Promise<void> {
    const { registry, logger } = this;
    const { signal } = (this.round = new AbortController());
    try {
      const [lists, healths] = await Promise.all([registry.listModels(signal), registry.health(signal)]);
      for (const list of lists) this.takeModels(list);
      for (const health of healths) this.takeHealth(health);
      onChange();
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'cannot check the health of the providers');
    }
  }

  private takeModels(list: ProviderModels): void {
    if ('error' in list) return;
    this.statuses.set(list.id, { ...this.statusOf(list.id), listed: list.models });
    this.unlisted.check(list);
  }

  private takeHealth({ id, health }: ProviderHealth): void {
    const { logger } = this;
    const failure = health.ok ? undefined : health.error;
    const before = this.statusOf(id).health;
    if (failure && failure.code !== before?.code) {
      const hint = operatorHint(runErrorOf(failure).errorCode);
      logger.warn({ provider: id, code: failure.code, detail: failure.detail, hint }, 'a provider is unhealthy');
    }
    if (!failure && before?.ok === false) logger.info({ provider: id }, 'a provider is healthy again');
    const { ok, latencyMs } = health;
    const facts = { ok, latencyMs, ...(failure && { code: failure.code, detail: failure.detail }) };
    this.statuses.set(id, { ...this.statusOf(id), health: { ...facts, checkedAt: this.clock.now().toISOString() } });
  }
}
