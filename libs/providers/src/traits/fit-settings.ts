import type { CallSettings } from '../spec/call-settings.js';
import type { Warning } from '../spec/stream-part.js';
import type { ChatTraits, Effort } from './chat-traits.js';

const ORDER: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

export interface FittedSettings {
  readonly settings: CallSettings;
  /** Fields of the request that stand for a setting. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Warning[];
}

/** What else of a call decides. `chat`: whether it is a chat completion at OpenAI or Azure. */
export interface Circumstances {
  readonly hasTools: boolean;
  readonly chat: boolean;
}

/** The settings as a model with these traits takes them: what it refuses is left out, an effort that it lacks is the nearest it has. */
export function fitSettings(
  asked: CallSettings,
  traits: ChatTraits,
  { hasTools, chat }: Circumstances,
): FittedSettings {
  const warnings: Warning[] = [];
  const fitted = effortOf(asked.reasoningEffort, traits, chat && hasTools);
  if (fitted.detail) warnings.push({ code: 'unsupported_setting', setting: 'reasoningEffort', detail: fitted.detail });
  const reasons = fitted.effort === undefined ? traits.reasonsUnasked : fitted.effort !== 'none';
  const refused = reasons ? [...traits.refused, ...traits.refusedWhileReasoning] : traits.refused;
  const left = Object.entries(asked).filter(([name, value]) => {
    const setting = name as keyof CallSettings;
    if (setting === 'reasoningEffort' || value === undefined) return false;
    if (!refused.includes(setting)) return true;
    warnings.push({
      code: 'unsupported_setting',
      setting,
      detail: traits.refused.includes(setting) ? NEVER : REASONING,
    });
    return false;
  });
  const isOff = fitted.effort === 'none' && traits.off !== 'effort';
  const isOn = fitted.effort !== undefined && fitted.effort !== 'none' && traits.on !== undefined;
  return {
    settings: {
      ...(Object.fromEntries(left) as CallSettings),
      ...(fitted.effort !== undefined && !isOff && !isOn && { reasoningEffort: fitted.effort }),
    },
    fields: { ...(isOff && typeof traits.off === 'object' && traits.off), ...(isOn && traits.on) },
    warnings,
  };
}

const NEVER = 'this model takes no such setting';
const REASONING = 'this model takes it only without reasoning: set reasoningEffort to none';

interface FittedEffort {
  readonly effort?: Effort;
  /** Why it is not what was asked for. */
  readonly detail?: string;
}

function effortOf(asked: Effort | undefined, traits: ChatTraits, inChatWithTools: boolean): FittedEffort {
  const { efforts, toolsOrReasoning, reasonsUnasked } = traits;
  if (inChatWithTools && toolsOrReasoning && efforts?.includes('none')) {
    if (asked === 'none' || (asked === undefined && !reasonsUnasked)) return asked ? { effort: asked } : {};
    return { effort: 'none', detail: 'with tools this model reasons at the wire "responses" only' };
  }
  if (asked === undefined || efforts === undefined || efforts.includes(asked)) return asked ? { effort: asked } : {};
  const nearest = nearestOf(asked, efforts);
  if (nearest === undefined) return { detail: efforts.length > 0 ? ALWAYS_REASONS : 'this model takes no effort' };
  return {
    effort: nearest,
    detail: `this model knows ${efforts.join(', ')}: "${nearest}" was sent instead of "${asked}"`,
  };
}

const ALWAYS_REASONS = 'this model has no degrees of effort: it reasons as by default';

/** The next one above, or the highest. `none` is never the nearest: it would turn off what was asked for. */
function nearestOf(asked: Effort, efforts: readonly Effort[]): Effort | undefined {
  const known = ORDER.filter((effort) => effort !== 'none' && efforts.includes(effort));
  return known.find((effort) => ORDER.indexOf(effort) >= ORDER.indexOf(asked)) ?? known.at(-1);
}
