import * as z from 'zod';
import { RETRYABLE, type ProviderErrorCode } from '../../spec/provider-error.js';
import { stepsOf } from './response-path.js';

const path = z.string().superRefine((text, context) => {
  try {
    stepsOf(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

/** Where a value is in the response: one path, or several of which the first that matches is used. */
export const Paths = z
  .union([path, z.array(path).min(1)], { error: 'must be a path or a list of paths' })
  .transform((paths) => (Array.isArray(paths) ? paths : [paths]));

const FINISH = ['stop', 'length', 'tool_calls', 'content_filter', 'pause', 'error', 'other'] as const;
const CODES = Object.keys(RETRYABLE).filter((code) => code !== 'all_failed') as ProviderErrorCode[];

/** What is read from an answer, of any API. A frame of a stream may have none of it. */
export const responseFields = {
  /** The words of the answer. A list is joined. */
  text: Paths,
  /** In a stream: only what is new, or all of it so far. */
  textIs: z.enum(['delta', 'cumulative']).default('delta'),
  /** What the model thinks; delta or cumulative as the text. */
  reasoning: Paths.optional(),
  /** Calls of tools, each one whole. The other paths start at an element of `list`. */
  toolCalls: z.strictObject({ list: Paths, id: Paths.optional(), name: Paths, arguments: Paths }).optional(),
  /** Why the answer ended; it is the end of a stream that has no `done`. */
  finish: Paths.optional(),
  /** The words of the API for it. Known without it: stop, end_turn, length, max_tokens and their like. */
  finishReasons: z.record(z.string(), z.enum(FINISH)).optional(),
  usage: z.strictObject({ input: Paths.optional(), output: Paths.optional(), total: Paths.optional() }).optional(),
  /** What else of the answer is kept, by names of one's own: in the worker's log, and with the run. */
  extra: z.record(z.string().min(1), Paths).optional(),
  /** When there is a value here, the answer is a failure, whatever its status. */
  error: Paths.optional(),
  /** The API's own code for the failure, and its message. */
  errorCode: Paths.optional(),
  errorMessage: Paths.optional(),
  /** Our code for that code or the status. */
  errors: z.record(z.string(), z.enum(CODES)).optional(),
  /** The end of a stream: a frame that is this text, or one in which a path has (this) value. `[DONE]` is always one. */
  done: z
    .union([
      z.string().min(1),
      z.strictObject({ path: Paths, is: z.union([z.string(), z.number(), z.boolean()]).optional() }),
    ])
    .optional(),
};

const Fields = z.strictObject(responseFields);
export type ResponseFields = z.output<typeof Fields>;
