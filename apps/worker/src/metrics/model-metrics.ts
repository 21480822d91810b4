import type { ModelAttempt, PolicyEvent } from '#providers';
import { ANSWER_SECONDS, FIRST_PIECE_SECONDS, type Metrics, TOKEN_RATES } from '#runtime';
import type { ModelLabels } from './model-labels.js';

const MODEL = ['provider', 'model'] as const;

/** Counts this worker's requests to providers, once when each is over, and what the policies did about failures. */
export class ModelMetrics {
  private readonly duration;
  private readonly firstPiece;
  private readonly tokenRate;
  private readonly errors;
  private readonly tokens;
  private readonly cost;
  private readonly retries;
  private readonly fallbacks;
  private readonly opened;
  private readonly keysSetAside;
  private readonly unlimited;

  constructor(
    metrics: Metrics,
    private readonly labels: ModelLabels,
  ) {
    this.duration = metrics.histogram(
      {
        name: 'chatkit_relay_provider_request_duration_seconds',
        help: 'Duration of requests to providers, by outcome: completed, failed, aborted (stopped by us).',
        labels: [...MODEL, 'outcome'],
      },
      ANSWER_SECONDS,
    );
    this.firstPiece = metrics.histogram(
      {
        name: 'chatkit_relay_provider_first_piece_seconds',
        help: 'Time from a request to a provider until the first piece of its answer.',
        labels: [...MODEL],
      },
      FIRST_PIECE_SECONDS,
    );
    this.tokenRate = metrics.histogram(
      {
        name: 'chatkit_relay_provider_output_tokens_per_second',
        help: 'Output tokens per second of a completed request, after its first piece.',
        labels: [...MODEL],
      },
      TOKEN_RATES,
    );
    this.errors = metrics.counter({
      name: 'chatkit_relay_provider_errors_total',
      help: "Failed requests to providers by error code; internal: our own failure, not the provider's.",
      labels: [...MODEL, 'code'],
    });
    // An alert looks at the increase of these, which a series that begins with 1 does not have.
    for (const known of labels.all()) this.errors.inc({ ...known, code: 'bad_key' }, 0);
    this.tokens = metrics.counter({
      name: 'chatkit_relay_tokens_total',
      help: 'Tokens by direction: input, output, and their parts cached_input and reasoning.',
      labels: [...MODEL, 'direction'],
    });
    this.cost = metrics.counter({
      name: 'chatkit_relay_cost_total',
      help: 'Cost of requests in the currency of the configured prices; models without a price cost nothing here.',
      labels: [...MODEL],
    });
    this.retries = metrics.counter({
      name: 'chatkit_relay_provider_retries_total',
      help: 'Requests that were made again after a failure, by its error code.',
      labels: [...MODEL, 'code'],
    });
    this.fallbacks = metrics.counter({
      name: 'chatkit_relay_provider_fallbacks_total',
      help: 'Answers that another model of the chain took over from this one, by the error code of its failure.',
      labels: [...MODEL, 'code'],
    });
    this.opened = metrics.counter({
      name: 'chatkit_relay_breaker_opened_total',
      help: 'Times that a circuit breaker opened, as this worker saw it.',
      labels: [...MODEL],
    });
    this.keysSetAside = metrics.counter({
      name: 'chatkit_relay_provider_keys_set_aside_total',
      help: 'Times that one of several API keys was set aside for a while, by why: bad_key, rate_limited.',
      labels: ['provider', 'code'],
    });
    for (const provider of labels.providers) {
      for (const code of ['bad_key', 'rate_limited']) this.keysSetAside.inc({ provider, code }, 0);
    }
    this.unlimited = metrics.counter({
      name: 'chatkit_relay_policy_state_unreachable_total',
      help: 'Times that the shared state of limits and breakers did not answer, counted at most once a minute; calls went on without them.',
    });
  }

  attempt({ ref, outcome, error, usage, costMicros, firstPartMs, durationMs }: ModelAttempt): void {
    const labels = this.labels.of(ref);
    this.duration.observe({ ...labels, outcome }, durationMs / 1_000);
    if (firstPartMs !== undefined) this.firstPiece.observe(labels, firstPartMs / 1_000);
    if (outcome === 'failed') this.errors.inc({ ...labels, code: error?.code ?? 'internal' });
    const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
    const counts = {
      input: inputTokens,
      output: outputTokens,
      cached_input: cachedInputTokens,
      reasoning: reasoningTokens,
    };
    for (const [direction, count = 0] of Object.entries(counts)) {
      if (count > 0) this.tokens.inc({ ...labels, direction }, count);
    }
    if (costMicros !== undefined && costMicros > 0) this.cost.inc(labels, costMicros / 1_000_000);
    const writingMs = durationMs - (firstPartMs ?? durationMs);
    if (outcome === 'completed' && outputTokens !== undefined && writingMs > 0) {
      this.tokenRate.observe(labels, outputTokens / (writingMs / 1_000));
    }
  }

  policyEvent(event: PolicyEvent): void {
    switch (event.type) {
      case 'retry':
        return this.retries.inc({ ...this.labels.of(event.error.ref), code: event.error.code });
      case 'fallback':
        return this.fallbacks.inc({ ...this.labels.of(event.error.ref), code: event.error.code });
      case 'breaker_opened':
        return this.opened.inc(this.labels.of(event.ref));
      case 'key_set_aside':
        return this.keysSetAside.inc({ provider: this.labels.provider(event.provider), code: event.error.code });
      case 'state_unreachable':
        return this.unlimited.inc();
      case 'breaker_closed':
      case 'features_refused':
        return undefined;
      default:
        return event satisfies never;
    }
  }
}
