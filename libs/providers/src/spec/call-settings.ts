import * as z from 'zod';

/**
 * Settings of one model call, the same for every provider. Absent means the provider's own default; every value that is
 * present is honoured (a temperature of 0 too) or answered with a `warning` part when the wire has no field for it.
 * The ranges are the widest that any provider takes; one with a narrower range refuses with `bad_request`, unless its adapter
 * knows the range and sends the nearest value with a `warning`. `unit` is what values are counted in: `share` of 1, or `none`.
 */
export const CallSettings = z.strictObject({
  /** Upper limit of the answer in tokens, reasoning included where the provider counts it in. 1 and up. */
  maxTokens: z.int().min(1).meta({ unit: 'tokens' }).optional(),
  /** Randomness without unit, 0 (as deterministic as the provider can be) to 2. */
  temperature: z.number().min(0).max(2).meta({ unit: 'none' }).optional(),
  /** Nucleus sampling: share of the probability mass that is considered, greater than 0, at most 1. */
  topP: z.number().gt(0).max(1).meta({ unit: 'share' }).optional(),
  /** Number of candidate tokens that are considered, 1 and up. */
  topK: z.int().min(1).meta({ unit: 'tokens' }).optional(),
  /** Reduces the repetition of tokens, by how often they were used: -2 to 2, without unit. */
  frequencyPenalty: z.number().min(-2).max(2).meta({ unit: 'none' }).optional(),
  /** Reduces the repetition of tokens that were used at all: -2 to 2, without unit. */
  presencePenalty: z.number().min(-2).max(2).meta({ unit: 'none' }).optional(),
  /** The answer ends before any of these strings. Most providers take at most 4. */
  stop: z.array(z.string().min(1)).meta({ unit: 'text' }).optional(),
  /** The same seed and request give the same answer, as far as the provider can. */
  seed: z.int().meta({ unit: 'none' }).optional(),
  /** How much the model thinks before it answers. Only for models with the `reasoning` capability. */
  reasoningEffort: z
    .enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])
    .meta({ unit: 'none' })
    .optional(),
});
export type CallSettings = z.output<typeof CallSettings>;

/** The name of one of the {@link CallSettings}. */
export type SettingName = keyof CallSettings;

/** The values that a server takes of a setting, where they are fewer than elsewhere. */
export type SettingRanges = Readonly<
  Partial<Record<SettingName, { readonly minimum?: number; readonly maximum?: number }>>
>;

/** What is known of a model's settings beside which of them it takes. */
export interface SettingFacts {
  readonly ranges?: SettingRanges;
  /** What holds where a call says nothing. */
  readonly defaults?: CallSettings;
}
