import * as z from 'zod';

/** The names of tool calls that a server takes. */
export interface CallIdRule {
  /** `word`: letters, digits, `_` and `-`; `alphanumeric`: letters and digits. */
  readonly alphabet: 'any' | 'word' | 'alphanumeric';
  /** Characters, 1 and up. */
  readonly minLength: number;
  readonly maxLength: number;
}

/**
 * What a server, or the chat template of a model, demands of a conversation. Which rules hold for whom is in `conversation/profiles.ts`.
 * What every server demands is not here: results of tools are complete and right behind their calls, ids of calls are unique,
 * arguments are a JSON object, and nothing is empty.
 */
export interface ConversationRules {
  /**
   * Where instructions may stand: `anywhere`; `first`: in one message in front of all others; `user`: nowhere, so that they
   * begin the user's first message.
   */
  readonly system: 'anywhere' | 'first' | 'user';
  /** The first message behind the instructions must be the user's. */
  readonly firstFromUser: boolean;
  /** Two messages in a row of the user, or of the assistant, are refused. */
  readonly alternate: boolean;
  /** The assistant may have the last word, which the model carries on from. */
  readonly prefill: boolean;
  /** The user may speak right after the result of a tool, before the assistant does. */
  readonly userAfterTool: boolean;
  /** `text`: calls of tools and their results are told in the user's messages. */
  readonly toolRounds: 'native' | 'text';
  readonly callIds: CallIdRule;
  /** Which fields of its own thoughts a model gets back, see `ReasoningPart`; thoughts of others never. */
  readonly thoughts: 'all' | readonly string[];
  /** What a call of a tool has instead of the thought that led to it, where that is not known. */
  readonly unknownThought: Readonly<Record<string, unknown>> | null;
  /** What a call of a tool carries instead of the provider's signature, where there is none. */
  readonly unknownSignature: Readonly<Record<string, unknown>> | null;
}

const lengths = z.int().min(1).max(256);

/** The rules as a config entry changes them. What is absent is as the kind of provider and the model have it. */
export const ConversationOverride = z.strictObject({
  system: z.enum(['anywhere', 'first', 'user']).optional(),
  firstFromUser: z.boolean().optional(),
  alternate: z.boolean().optional(),
  prefill: z.boolean().optional(),
  userAfterTool: z.boolean().optional(),
  toolRounds: z.enum(['native', 'text']).optional(),
  callIds: z
    .strictObject({ alphabet: z.enum(['any', 'word', 'alphanumeric']), minLength: lengths, maxLength: lengths })
    .refine(({ minLength, maxLength }) => minLength <= maxLength, 'minLength must not be greater than maxLength')
    // Hashes of this many characters are still told apart.
    .refine(({ maxLength }) => maxLength >= 6, 'maxLength must be 6 or more')
    .optional(),
  thoughts: z.union([z.literal('all'), z.array(z.string().min(1))]).optional(),
});
export type ConversationOverride = z.output<typeof ConversationOverride>;
