import type { ProviderHealth, ProviderModels, Registry } from '#providers';
import { type Logger, operatorHint, type PublishedHealth } from '#runtime';
import { runErrorOf } from '../attempt/run-error-of.js';

/** What a provider has told when it was last asked: absent until then. */
export interface ProviderNews {
  /** The ids of the models that it lists; the last list that it gave, while it gives none. */
  readonly listed?: readonly string[];
  readonly health?: PublishedHealth;
}

export interface ProviderWatchDeps {
  /** Both answer within a few seconds, whatever the providers do; the registry keeps the lists for some minutes. */
  readonly registry: Pick<Registry, 'listModels' | 'health'>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly now?: () => Date;
}

/** How often the providers are asked how they are. */
const ASK_EVERY_MS = 60_000;

/** Keeps asking the providers what they list and how they are. Nobody waits for it, and no failure of theirs is one of ours. */
export class ProviderWatch {
  private readonly news = new Map<string, ProviderNews>();
  private timer: NodeJS.Timeout | undefined;
  private round: AbortController | undefined;

  constructor(private readonly deps: ProviderWatchDeps) {}

  /** Asks at once and then every minute; `onNews` follows each answer. */
  start(onNews: () => void): void {
    const ask = () => void this.ask(onNews);
    this.timer = setInterval(ask, ASK_EVERY_MS);
    ask();
  }

  stop(): void {
    clearInterval(this.timer);
    this.round?.abort();
  }

  newsOf(id: string): ProviderNews {
    return this.news.get(id) ?? {};
  }

  private async ask(onNews: () => void): Promise<void> {
    const { registry, logger } = this.deps;
    const { signal } = (this.round = new AbortController());
    try {
      const [lists, healths] = await Promise.all([registry.listModels(signal), registry.health(signal)]);
      for (const list of lists) this.takeModels(list);
      for (const health of healths) this.takeHealth(health);
      onNews();
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'cannot ask the providers how they are');
    }
  }

  private takeModels(list: ProviderModels): void {
    if ('error' in list) return;
    this.news.set(list.id, { ...this.newsOf(list.id), listed: list.models.map(({ id }) => id) });
  }

  private takeHealth({ id, health }: ProviderHealth): void {
    const { now = () => new Date(), logger } = this.deps;
    const failure = health.ok ? undefined : health.error;
    const before = this.newsOf(id).health;
    if (failure && failure.code !== before?.code) {
      const hint = operatorHint(runErrorOf(failure).errorCode);
      logger.warn({ provider: id, code: failure.code, detail: failure.detail, hint }, 'a provider is unhealthy');
    }
    if (!failure && before?.ok === false) logger.info({ provider: id }, 'a provider is well again');
    const { ok, latencyMs } = health;
    const facts = { ok, latencyMs, ...(failure && { code: failure.code, detail: failure.detail }) };
    this.news.set(id, { ...this.newsOf(id), health: { ...facts, checkedAt: now().toISOString() } });
  }
}
