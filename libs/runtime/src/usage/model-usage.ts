/** The total usage of calls of one model. */
export interface ModelUsage {
  readonly provider: string;
  readonly model: string;
  /** Model calls, including failed ones. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens`. */
  readonly cachedInputTokens: number;
  /** Part of `outputTokens`. */
  readonly reasoningTokens: number;
  /** Millionths of the price table's currency; absent when the model has no price. */
  readonly costMicros?: number | undefined;
  /** Some of it was estimated by the server. */
  readonly estimated: boolean;
}

/** The owner of the calls, and what they were for. */
export interface UsageOwner {
  readonly tenantId: string;
  readonly ownerId: string;
  /** The run, or the call of a hook. */
  readonly runId: string;
  readonly fence: number;
}

/** Columns of `model_usage` that a statement reads from its JSON; `$n` is the parameter, as {@link usageJson} makes it. */
export const usageRows = (parameter: string): string => `
  json_to_recordset(${parameter}::json) AS used(
    provider text, model text, calls int, "inputTokens" bigint, "outputTokens" bigint, "cachedInputTokens" bigint,
    "reasoningTokens" bigint, "costMicros" bigint, estimated boolean)`;

export const USAGE_COLUMNS = `run_id, fence, tenant_id, owner_id, provider, model, calls, input_tokens, output_tokens,
  cached_input_tokens, reasoning_tokens, cost_micros, estimated`;

export const USED_COLUMNS = `used.provider, used.model, used.calls, used."inputTokens", used."outputTokens",
  used."cachedInputTokens", used."reasoningTokens", used."costMicros", used.estimated`;

/** In characters; an index entry is limited to 2.7 kB. */
const MAX_NAME = 400;

export const usageJson = (usage: readonly ModelUsage[]): string =>
  JSON.stringify(usage.map((one) => ({ ...one, model: storable(one.model) })));

/** A model name may be any string, but Postgres accepts no NUL and no lone surrogates, which must not prevent a run's end. */
const storable = (name: string): string => Buffer.from(name.replaceAll('\0', '').slice(0, MAX_NAME)).toString();
