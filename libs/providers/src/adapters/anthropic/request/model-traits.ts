/** Where Anthropic's models differ in what they take. The wire does not say; a wrong field is refused with a 400. */
export interface ModelTraits {
  /** `budget`: thinking is switched on with a number of tokens; `adaptive`: the model decides, within an effort. */
  readonly thinking: 'budget' | 'adaptive';
  /** Thinks even when it is not asked to, and (most of these models) cannot turn it off. */
  readonly thinksUnasked: boolean;
  /** Takes `temperature`, `top_p` and `top_k`. */
  readonly sampling: boolean;
}

const BUDGET: ModelTraits = { thinking: 'budget', thinksUnasked: false, sampling: true };
const ADAPTIVE: ModelTraits = { thinking: 'adaptive', thinksUnasked: true, sampling: false };

/**
 * The generations by id, the first that fits; https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking and the
 * migration guides of Claude 4.6, 4.7 and 5. Gateways put prefixes before the ids and versions behind.
 */
const GENERATIONS: readonly (readonly [RegExp, ModelTraits])[] = [
  [/claude-(\d|instant|(opus|sonnet|haiku)-4(?!-[6-9]))/, BUDGET],
  [/claude-(opus|sonnet|haiku)-4-6/, { ...ADAPTIVE, thinksUnasked: false, sampling: true }],
  [/claude-(opus|sonnet|haiku)-4-/, { ...ADAPTIVE, thinksUnasked: false }],
  [/claude-/, ADAPTIVE],
];

/** Models of other makers behind this wire know what was there when it was copied. */
export function traitsOf(model: string): ModelTraits {
  return GENERATIONS.find(([pattern]) => pattern.test(model))?.[1] ?? BUDGET;
}
