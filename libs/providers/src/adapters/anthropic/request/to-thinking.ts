import type { OutputConfig, ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import { count, dropAbsent, type Json, object } from '../../../http/json.js';
import type { CallSettings } from '../../../spec/call-settings.js';
import type { Warning } from '../../../spec/stream-part.js';
import type { ClaudeTraits } from '../../../traits/claude-traits.js';
import { isThought } from './to-messages.js';
import type { MessagesRequest, WireMessage } from '../wire.js';

type Effort = NonNullable<CallSettings['reasoningEffort']>;

/**
 * Tokens to think with, for models that want a number; Anthropic takes 1,024 and up. Together with the default of
 * `max_tokens` the largest stays below 32,000, the most that any model that thinks may be asked for (Opus 4 and 4.1).
 */
const BUDGETS: Readonly<Record<Exclude<Effort, 'none'>, number>> = {
  minimal: 1_024,
  low: 4_000,
  medium: 8_000,
  high: 16_000,
  xhigh: 23_000,
  max: 23_000,
};

export interface ThinkingRequest {
  readonly fields: Pick<MessagesRequest, 'thinking' | 'output_config'>;
  /** Added to the limit of the answer, because this wire counts thoughts into it. */
  readonly budget: number;
  /** Sampling is restricted. */
  readonly thinks: boolean;
  readonly warnings: readonly Warning[];
}

/** What decides about thinking besides the model. */
interface Circumstances {
  readonly effort: Effort | undefined;
  /** What the caller's options say; it goes before the effort. */
  readonly options: Json;
  /** The model must call a tool. */
  readonly forced: boolean;
  readonly hasTools: boolean;
  readonly messages: readonly WireMessage[];
}

/** How much the model is to think, see https://platform.claude.com/docs/en/build-with-claude/extended-thinking. */
export function toThinking(traits: ClaudeTraits, circumstances: Circumstances): ThinkingRequest {
  const { options } = circumstances;
  const own = object(options['thinking']) ? {} : toOwn(traits, circumstances);
  const given = object(options['thinking']);
  const output: OutputConfig = { ...(own.effort && { effort: own.effort }), ...object(options['output_config']) };
  // What the caller says goes as it is.
  const thinking = given ? (given as unknown as ThinkingConfigParam) : own.thinking;
  return {
    fields: dropAbsent({ thinking, output_config: Object.keys(output).length > 0 ? output : undefined }),
    budget: thinking?.type === 'enabled' ? (count(thinking.budget_tokens) ?? 0) : 0,
    thinks: thinking !== undefined && thinking.type !== 'disabled' && thinking.type !== 'between_tools',
    warnings: own.refused ? [{ code: 'unsupported_setting', setting: 'reasoningEffort', detail: own.refused }] : [],
  };
}

interface Own {
  readonly thinking?: ThinkingConfigParam;
  readonly effort?: OutputConfig['effort'];
  /** Why it is not what was asked for. */
  readonly refused?: string;
}

/** `summarized`: newer models keep their thoughts to themselves by default. */
const ADAPTIVE: ThinkingConfigParam = { type: 'adaptive', display: 'summarized' };

function toOwn(traits: ClaudeTraits, { effort, forced, hasTools, messages }: Circumstances): Own {
  if (effort === undefined) return unasked(traits, forced, hasTools);
  if (effort === 'none') return off(traits);
  if (forced) {
    const refused = 'messages allows no thinking when a tool must be called';
    return {
      ...(traits.thinking === 'adaptive' && forcedEffort(effort, traits)),
      ...(traits.thinksUnasked && off(traits)),
      refused,
    };
  }
  if (traits.thinking === 'adaptive') return { thinking: ADAPTIVE, effort: levelOf(effort, traits) };
  if (resumesThoughtless(messages)) {
    return { refused: 'messages allows no thinking in the middle of a tool loop that began without' };
  }
  return { thinking: { type: 'enabled', budget_tokens: BUDGETS[effort] } };
}

/** What the model would do by itself, where that is refused or its reader would see nothing of it. */
function unasked(traits: ClaudeTraits, forced: boolean, hasTools: boolean): Own {
  if (forced && traits.thinksUnasked) return off(traits);
  return traits.speaksInThoughts && hasTools ? { thinking: ADAPTIVE } : {};
}

function off({ off: how }: ClaudeTraits): Own {
  if (how === 'unsaid') return {};
  if (how === null) return { effort: 'low', refused: 'this model always thinks, with low effort at the least' };
  return { thinking: { type: how } };
}

/** An effort by the names that the model knows. */
function levelOf(effort: Exclude<Effort, 'none'>, { highEfforts }: ClaudeTraits): NonNullable<Own['effort']> {
  if (effort === 'minimal') return 'low';
  if ((effort === 'xhigh' || effort === 'max') && !highEfforts.includes(effort))
    return highEfforts.length > 0 ? 'max' : 'high';
  return effort;
}

/** Without thinking, newer models take no effort above `high`. */
function forcedEffort(effort: Exclude<Effort, 'none'>, traits: ClaudeTraits): Pick<Own, 'effort'> {
  const level = levelOf(effort, traits);
  return { effort: traits.thinksUnasked && (level === 'xhigh' || level === 'max') ? 'high' : level };
}

/** The last answer called tools without a thought of its own: thinking was off, or it is another provider's. */
function resumesThoughtless(messages: readonly WireMessage[]): boolean {
  const answer = messages.findLast(({ role }) => role === 'assistant')?.content ?? [];
  return answer.some((block) => block.type === 'tool_use') && !isThought(answer[0]);
}
