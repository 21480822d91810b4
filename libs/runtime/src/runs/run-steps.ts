import { z } from 'zod';

/** A call of a model, for the answer or beside it. */
const ModelStep = z.object({
  kind: z.literal('model'),
  /** When it began, ISO 8601 by Postgres' clock. */
  at: z.string(),
  ms: z.number(),
  /** From the beginning to the first piece of the answer. */
  firstMs: z.number().optional(),
  provider: z.string(),
  model: z.string(),
  outcome: z.enum(['completed', 'failed', 'aborted']),
  /** Of the provider's error. */
  code: z.string().optional(),
  inputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  costMicros: z.number().optional(),
});

/** A tool of the server. */
const ToolStep = z.object({
  kind: z.literal('tool'),
  at: z.string(),
  ms: z.number(),
  name: z.string(),
  outcome: z.enum(['completed', 'failed']),
});

/** What an attempt did, in the order in which it was over. Names, times and counts, and nothing that anybody wrote. */
const RunSteps = z.object({
  list: z.array(z.discriminatedUnion('kind', [ModelStep, ToolStep])),
  /** Steps beyond those that are kept. */
  more: z.number(),
});

export type ModelStep = z.output<typeof ModelStep>;
export type ToolStep = z.output<typeof ToolStep>;
export type RunSteps = z.output<typeof RunSteps>;

/** Of one run: an answer has at most ten model calls where nothing else is configured. */
export const MAX_STEPS = 100;
/** Names come from configuration and assistants. */
const MAX_NAME = 200;

/** Postgres accepts no NUL and no lone surrogates, which must not prevent a run's end. */
const storable = (name: string): string => Buffer.from(name.replaceAll('\0', '').slice(0, MAX_NAME)).toString();

export const stepsJson = (steps: RunSteps): string =>
  JSON.stringify(steps, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));

/** Of a row that a newer or older version wrote; what cannot be read counts as none. */
export const toRunSteps = (stored: unknown): RunSteps => RunSteps.safeParse(stored).data ?? { list: [], more: 0 };
