import type { CallSettings } from '../../../spec/call-settings.js';
import type { Warning } from '../../../spec/stream-part.js';
import type { MessagesRequest, Sampling } from '../wire.js';
import type { ClaudeTraits } from '../../../traits/claude-traits.js';

/** Leaves a setting out, and says why. */
type Refuse = (setting: keyof CallSettings, detail: string) => undefined;

/** Settings that this wire has no field for. */
const UNSUPPORTED = ['frequencyPenalty', 'presencePenalty', 'seed'] as const;

/** The range here is 0 to 1, while elsewhere it is 0 to 2. */
export const MAX_TEMPERATURE = 1;

/** Below this, `top_p` is refused from a model that thinks. */
const MIN_TOP_P_WHILE_THINKING = 0.95;

/** How the model chooses its words, and where it stops; what it would refuse is left out with a warning. */
export function toSampling(
  settings: CallSettings,
  traits: ClaudeTraits,
  thinks: boolean,
  warnings: Warning[],
): Sampling & Pick<MessagesRequest, 'stop_sequences'> {
  const refuse: Refuse = (setting, detail) => {
    warnings.push({ code: 'unsupported_setting', setting, detail });
    return undefined;
  };
  for (const setting of UNSUPPORTED) {
    if (settings[setting] !== undefined) refuse(setting, 'messages has no such setting');
  }
  return { ...toChance(settings, traits, thinks, refuse), stop_sequences: toStop(settings.stop ?? [], refuse) };
}

function toChance(settings: CallSettings, { sampling }: ClaudeTraits, thinks: boolean, refuse: Refuse) {
  const { temperature, topP, topK } = settings;
  const reason = sampling ? thinks && 'messages takes it only without thinking' : 'this model takes no such setting';
  const allow = (setting: 'temperature' | 'topP' | 'topK', value: number | undefined) =>
    value !== undefined && reason ? refuse(setting, reason) : value;

  const isMild = sampling && thinks && topP !== undefined && topP >= MIN_TOP_P_WHILE_THINKING;
  const allowedTopP = isMild ? topP : allow('topP', topP);
  const allowedTemperature = allow('temperature', temperature);
  const both = allowedTopP !== undefined && allowedTemperature !== undefined;
  return {
    temperature: toTemperature(allowedTemperature, refuse),
    top_p: both ? refuse('topP', 'messages takes temperature or top_p, not both') : allowedTopP,
    top_k: allow('topK', topK),
  };
}

function toTemperature(temperature: number | undefined, refuse: Refuse): number | undefined {
  if (temperature === undefined || temperature <= MAX_TEMPERATURE) return temperature;
  refuse('temperature', `messages goes up to ${MAX_TEMPERATURE}, which was sent instead of ${temperature}`);
  return MAX_TEMPERATURE;
}

/** A line break is a common one elsewhere; here each needs a visible character. */
function toStop(stop: readonly string[], refuse: Refuse): string[] | undefined {
  const visible = stop.filter((one) => one.trim());
  if (visible.length < stop.length) refuse('stop', 'messages takes no stop sequence of white space only');
  return visible.length > 0 ? visible : undefined;
}
