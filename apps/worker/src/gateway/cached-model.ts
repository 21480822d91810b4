import { createHash } from 'node:crypto';
import type { LanguageModel, ModelCall, StreamPart } from '#providers';
import type { Logger, RelayConfig, ResponseCache } from '#runtime';

export type CacheOptions = NonNullable<RelayConfig['cache']>;

export interface CachedModelDeps extends CacheOptions {
  readonly store: Pick<ResponseCache, 'get' | 'set'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What the key holds beside the call: an answer never leaves its tenant. `name` is the model as the request names it. */
export interface CacheScope {
  readonly tenantId: string;
  readonly name: string;
}

/** The model, with the answers that it gave to identical calls before. While the store is unavailable, there are none. */
export function cachedModel(model: LanguageModel, scope: CacheScope, deps: CachedModelDeps): LanguageModel {
  const { ref, capabilities, contextWindow } = model;
  return {
    ref,
    capabilities,
    ...(contextWindow !== undefined && { contextWindow }),
    async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart> {
      const key = keyOf(model, scope, call);
      const cached = await deps.store.get(key).catch((error: Error) => {
        deps.logger.warn({ err: error }, 'the response cache is unavailable');
        return undefined;
      });
      signal.throwIfAborted();
      if (cached !== undefined) {
        yield* JSON.parse(cached) as StreamPart[];
        return;
      }
      const recording = new Recording(deps.maxEntryBytes);
      for await (const part of model.stream(call, signal)) {
        recording.add(part);
        yield part;
      }
      const entry = recording.entry();
      if (entry === undefined) return;
      await deps.store
        .set(key, entry, deps.ttlSeconds)
        .catch((error: Error) => deps.logger.warn({ err: error }, 'cannot cache an answer'));
    },
  };
}

/** Everything that an answer depends on. */
function keyOf({ ref }: LanguageModel, { tenantId, name }: CacheScope, call: ModelCall): string {
  const { prompt, settings, tools, toolChoice, documents, providerOptions } = call;
  const whole = [
    tenantId,
    name,
    ref.provider,
    ref.model,
    prompt,
    settings,
    tools,
    toolChoice,
    documents,
    providerOptions,
  ];
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex');
}

/** The parts of an answer, for as long as they may be cached. */
class Recording {
  private parts: string[] = [];
  private bytes = 0;
  private isComplete = false;

  constructor(private readonly maxBytes: number) {}

  add(part: StreamPart): void {
    if (part.type === 'discard') this.parts = [];
    else if (part.type !== 'warning' && this.bytes <= this.maxBytes) {
      const text = JSON.stringify(part);
      this.bytes += Buffer.byteLength(text) + 1;
      this.parts.push(text);
    }
    if (part.type === 'finish') this.isComplete = ['stop', 'tool_calls'].includes(part.reason.unified);
  }

  /** Returns undefined when the answer is too large, or was truncated. */
  entry(): string | undefined {
    return this.isComplete && this.bytes < this.maxBytes ? `[${this.parts.join(',')}]` : undefined;
  }
}
