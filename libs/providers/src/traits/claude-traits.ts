import type { CallSettings } from '../spec/call-settings.js';
import { familyName } from './family-name.js';

type Effort = NonNullable<CallSettings['reasoningEffort']>;

/** Where Claude's generations differ in what they take. The wire does not say; a wrong field is refused with a 400. */
export interface ClaudeTraits {
  /** `budget`: thinking is switched on with a number of tokens; `adaptive`: the model decides, within an effort. */
  readonly thinking: 'budget' | 'adaptive';
  /** Thinks even when it is not asked to. */
  readonly thinksUnasked: boolean;
  /** How thinking is turned off: by saying nothing, or by this `thinking.type`. Null: it cannot be. */
  readonly off: 'unsaid' | 'disabled' | 'between_tools' | null;
  /** What it says between two tools is a thought, whose words come only when they are asked for. */
  readonly speaksInThoughts: boolean;
  /** Takes `temperature`, `top_p` and `top_k`. */
  readonly sampling: boolean;
  /** Can be made to call a tool. */
  readonly forcedTools: boolean;
  /** Efforts besides `low`, `medium` and `high`. */
  readonly highEfforts: readonly Effort[];
  /** The limit of an answer when none is asked for, which this wire insists on: no more than the model can give. */
  readonly defaultMaxTokens: number;
}

const BUDGET: ClaudeTraits = {
  thinking: 'budget',
  thinksUnasked: false,
  off: 'unsaid',
  speaksInThoughts: false,
  sampling: true,
  forcedTools: true,
  highEfforts: [],
  defaultMaxTokens: 8_192,
};

/** Claude 4.6. All adaptive models give 64,000 tokens and more, and their thoughts are counted in. */
const ADAPTIVE: ClaudeTraits = { ...BUDGET, thinking: 'adaptive', highEfforts: ['max'], defaultMaxTokens: 32_000 };
const WITHOUT_SAMPLING: ClaudeTraits = { ...ADAPTIVE, sampling: false, highEfforts: ['xhigh', 'max'] };
const THINKING: ClaudeTraits = { ...WITHOUT_SAMPLING, thinksUnasked: true, off: 'disabled' };
const ALWAYS: ClaudeTraits = { ...THINKING, off: null, speaksInThoughts: true, forcedTools: false };

/** One digit of a version: dates follow as well. */
const FIVE_ONLY = '5(?!-[1-9](?!\\d))';

/**
 * The generations, the first that fits; noted on 2026-11-29 from https://platform.claude.com/docs/en/build-with-claude/thinking, /effort,
 * /docs/en/models/…/whats-new-… of Opus, Sonnet and Haiku 5.5, the migration guides of Claude 4.6, 4.7 and 5, and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html. Newer ones are taken for the newest
 * of their family that was known then.
 */
const GENERATIONS: readonly (readonly [RegExp, ClaudeTraits])[] = [
  [/claude-(v?[12](?!\d)|instant|3-(opus|sonnet|haiku))/, { ...BUDGET, defaultMaxTokens: 4_096 }],
  [/claude-(v?\d|(opus|sonnet|haiku)-4(?!-[6-9](?!\d)))/, BUDGET],
  [/claude-(opus|sonnet|haiku)-4-6/, ADAPTIVE],
  [/claude-(opus|sonnet|haiku)-4-/, WITHOUT_SAMPLING],
  [new RegExp(`claude-(opus|sonnet|haiku)-${FIVE_ONLY}`), THINKING],
  [/claude-sonnet-/, { ...ALWAYS, off: 'between_tools' }],
  [/claude-haiku-/, { ...THINKING, speaksInThoughts: true }],
  [/claude-/, ALWAYS],
];

/** Models of other makers behind this wire know what was there when it was copied. */
export function claudeTraits(model: string): ClaudeTraits {
  const name = familyName(model);
  return GENERATIONS.find(([pattern]) => pattern.test(name))?.[1] ?? BUDGET;
}
