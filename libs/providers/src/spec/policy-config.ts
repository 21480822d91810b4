import * as z from 'zod';
import { CallSettings } from './call-settings.js';
import { ConversationOverride } from './conversation-rules.js';

// How calls of a provider, or of one model, are made. Missing fields have the defaults of `POLICY_DEFAULTS`.

/** A duration in milliseconds, no longer than a timer can be. */
const ms = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/**
 * What the provider allows; what is absent is unlimited. Shared by all workers. The limits of a provider and of a public
 * name apply together: a call under the name counts for both.
 */
export const Limits = z.strictObject({
  requestsPerMinute: z.number().positive().optional().describe('Requests a minute'),
  tokensPerMinute: z
    .number()
    .positive()
    .optional()
    .describe('Input and output together, as far as they are known before the call; corrected after it'),
  concurrency: z.int().min(1).optional().describe('Calls at once'),
  burst: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Share of a minute's requests or tokens that may go at once after a pause; at least one request"),
});
export type Limits = z.output<typeof Limits>;

/** Tries before the first piece of an answer, and only there. */
export const Retry = z.strictObject({
  attempts: z.int().min(1).max(10).optional().describe('The first one included; 1 never tries again'),
  firstWaitMs: ms
    .optional()
    .describe(
      'Backoff: up to this long after the first failure, up to twice as long after each further one, and at least half of it',
    ),
  maxWaitMs: ms
    .optional()
    .describe('No longer than this; a provider that asks for a longer wait (Retry-After) is not tried again'),
});
export type Retry = z.output<typeof Retry>;

/** Circuit breaker: stops calls to a provider that fails repeatedly. */
export const Breaker = z.union([
  z.literal(false),
  z.strictObject({
    failures: z.int().min(1).optional().describe('Failures one after the other, over all workers, that open it'),
    openMs: ms
      .optional()
      .describe(
        'How long no call passes at first; then one call is let through as a probe. Doubled for each probe that fails',
      ),
    maxOpenMs: ms.optional().describe('The longest that it becomes by that'),
  }),
]);
export type Breaker = z.output<typeof Breaker>;

/** How long each phase of a call may take. */
export const Deadlines = z.strictObject({
  queueMs: ms.optional().describe('Waiting for a place within the limits'),
  firstTokenMs: ms
    .optional()
    .describe('From each request to the first piece of its answer; warnings and counts are none'),
  idleMs: ms.optional().describe('Between two pieces'),
  totalMs: ms
    .optional()
    .describe(
      "From the beginning of a call to the end of its answer, with all that one provider's waiting and retries take",
    ),
});
export type Deadlines = z.output<typeof Deadlines>;

/** Of the whole installation: for every model that says nothing else, and for a run with all that it does. */
export const InstallationDeadlines = Deadlines.extend({
  runMs: ms
    .optional()
    .describe('From the first claim of a run to its end: model calls, tools, hooks and code of the assistant'),
});

/** Prices for a million tokens each, but for `minute`, in the currency of the table. */
export const Price = z.strictObject({
  input: z.number().min(0).describe('A million tokens of input'),
  output: z.number().min(0).describe('A million tokens of output'),
  cachedInput: z
    .number()
    .min(0)
    .optional()
    .describe("Input read from the provider's prompt cache; by default as `input`"),
  cacheWriteInput: z
    .number()
    .min(0)
    .optional()
    .describe("Input written into the provider's prompt cache; by default as `input`"),
  minute: z.number().min(0).optional().describe('A minute of speech that is transcribed, in place of its tokens'),
});
export type Price = z.output<typeof Price>;

/** Settings of a provider or a public model name. The name's fields take precedence, except for limits. */
const callPolicies = {
  limits: Limits.optional(),
  retry: Retry.optional(),
  breaker: Breaker.optional(),
  deadlines: Deadlines.optional(),
};
export interface CallPolicies {
  readonly limits?: Limits | undefined;
  readonly retry?: Retry | undefined;
  readonly breaker?: Breaker | undefined;
  readonly deadlines?: Deadlines | undefined;
}

/** Fields that every request of ours has, or that the reader of the answer relies on. */
const OURS = ['model', 'messages', 'input', 'inputs', 'stream', 'n'] as const;

/** What calls are made with that say nothing else. The name's settings take precedence over the provider's. */
const callDefaults = {
  settings: CallSettings.optional(),
};

/** Fields of the request in the provider's own format, sent as they are. A setting of the call takes precedence. */
const requestBody = z.record(z.string(), z.json()).superRefine((body, context) => {
  for (const name of OURS.filter((field) => field in body))
    context.addIssue({ code: 'custom', path: [name], message: 'is written by the relay; leave it out' });
});

const tokens = z.int().min(1);

/** Fields of every provider's entry, however it is reached. */
export const modelPolicies = {
  ...callPolicies,
  ...callDefaults,
  prices: z.record(z.string().min(1), Price).optional().describe("By the model's id"),
  contextWindows: z
    .record(z.string().min(1), tokens)
    .optional()
    .describe("Tokens of prompt and answer together, by the model's id"),
  /** What its server demands of a conversation, where that is not what the kind and the models suggest. */
  conversation: ConversationOverride.optional(),
};

/** Fields of every entry whose provider is reached by HTTP. */
export const providerPolicies = {
  ...modelPolicies,
  body: requestBody.optional(),
  proxy: z
    .union([z.literal(false), z.url({ protocol: /^https?$/, error: 'must be an http(s) URL, or false' })])
    .optional()
    .describe('The URL of an HTTP proxy for its requests, or false for none; by default from HTTPS_PROXY and NO_PROXY'),
};
export interface ProviderPolicies extends CallPolicies {
  readonly prices?: Readonly<Record<string, Price>> | undefined;
  readonly contextWindows?: Readonly<Record<string, number>> | undefined;
  readonly settings?: CallSettings | undefined;
  /** Fields of every request, in the provider's own format. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** A public name of a model, in its long form. */
export const NamedModel = z.strictObject({
  model: z.string().min(1).describe('`provider/model`'),
  fallback: z
    .array(z.string().min(1))
    .optional()
    .describe('Public names or `provider/model`, asked one after the other when the one before fails'),
  afterFirstToken: z
    .enum(['replace', 'fail'])
    .optional()
    .describe(
      'When a model fails in the middle of its answer: the next one starts the answer again, or the turn ends in an error',
    ),
  price: Price.optional(),
  contextWindow: tokens.optional().describe('Tokens of prompt and answer together'),
  ...callDefaults,
  body: requestBody.optional(),
  /** What the model demands of a conversation. Its fields take precedence over those of the provider. */
  conversation: ConversationOverride.optional(),
  ...callPolicies,
});
export type NamedModel = z.output<typeof NamedModel>;

/** The defaults. `localDeadlines`: for your own servers, which load a model first. */
export const POLICY_DEFAULTS = {
  limits: { burst: 0.05 },
  retry: { attempts: 3, firstWaitMs: 500, maxWaitMs: 20_000 },
  breaker: { failures: 5, openMs: 2_000, maxOpenMs: 30_000 },
  deadlines: { queueMs: 30_000, firstTokenMs: 120_000, idleMs: 60_000, totalMs: 600_000 },
  localDeadlines: { queueMs: 30_000, firstTokenMs: 300_000, idleMs: 120_000, totalMs: 1_800_000 },
  /** How long a refused key is set aside: when it is wrong, without a Retry-After, and at most with one. */
  keys: { badKeyMs: 600_000, rateLimitedMs: 30_000, longestMs: 3_600_000 },
  afterFirstToken: 'replace',
  /** Listing models and a health check need no model: a provider that takes longer is unhealthy. */
  directory: { askLimitMs: 5_000 },
  /** A connection is refused, or stands, within seconds; the handshake of TLS is included. */
  transport: { connectMs: 10_000 },
} as const;
