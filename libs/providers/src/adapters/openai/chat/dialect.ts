import type { CallSettings, SettingRanges } from '../../../spec/call-settings.js';
import type { ReasoningCount } from './answer/usage.js';

/** The request field of each setting; null where the server has none, or refuses it. */
type SettingFields = Readonly<Record<keyof CallSettings, string | null>>;

/** Where OpenAI itself and the many servers that speak its chat completions differ. */
export interface Dialect {
  readonly fields: SettingFields;
  /** What it takes of a setting, where that is less than elsewhere. */
  readonly ranges: SettingRanges;
  /** What holds there, by its documents, where a request says nothing. */
  readonly defaults: CallSettings;
  /** Takes `stream_options`. Those who do not report usage without being asked. */
  readonly streamOptions: boolean;
  /** The kind of provider whose server this is, where that decides what its models take; see `traits`. */
  readonly server?: string;
  /** Takes `tools`. */
  readonly tools: boolean;
  /** Never ends a whole answer without a finish_reason: `[DONE]` alone then means that the answer was broken off. */
  readonly alwaysFinishes: boolean;
  /** Where its usage has the reasoning tokens. */
  readonly reasoningCount: ReasoningCount;
}

/** What a server does unlike the others. */
export type Quirks = Readonly<Partial<Omit<Dialect, 'fields'>>> & { readonly fields?: Partial<SettingFields> };

/** A penalty is none everywhere, unless one is asked for. */
const NO_PENALTY: CallSettings = { frequencyPenalty: 0, presencePenalty: 0 };

const COMMON: Dialect = {
  fields: {
    maxTokens: 'max_tokens',
    temperature: 'temperature',
    topP: 'top_p',
    topK: null,
    frequencyPenalty: 'frequency_penalty',
    presencePenalty: 'presence_penalty',
    stop: 'stop',
    seed: 'seed',
    reasoningEffort: 'reasoning_effort',
  },
  ranges: {},
  defaults: NO_PENALTY,
  streamOptions: true,
  tools: true,
  reasoningCount: 'as_counted',
  alwaysFinishes: false,
};

export function dialect({ fields, defaults, ...rest }: Quirks = {}): Dialect {
  return { ...COMMON, ...rest, fields: { ...COMMON.fields, ...fields }, defaults: { ...NO_PENALTY, ...defaults } };
}
