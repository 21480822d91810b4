import * as z from 'zod';
import { Paths, responseFields } from '../response-config.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/**
 * What identifies a message: a value (or several) at the response's `type`; or a path of its own, at which there is one of these
 * values, or anything at all.
 */
export const Mark = z.union(
  [scalar, z.array(scalar).min(1), z.strictObject({ path: Paths, is: z.union([scalar, z.array(scalar)]).optional() })],
  { error: 'must be a value of type, a list of them, or { path, is }' },
);
export type Mark = z.output<typeof Mark>;

const { text, textIs, reasoning, finish, finishReasons, usage, extra, errorCode, errorMessage, errors } =
  responseFields;

/** The kinds of messages that there may be. One may be several: the last piece of text, the usage and the end. */
const Kinds = z.strictObject({
  /** By default every message in which there is a text. */
  text: Mark.optional(),
  reasoning: Mark.optional(),
  usage: Mark.optional(),
  /** The end of an answer. */
  done: Mark,
  /** The end of an answer that has failed. */
  error: Mark.optional(),
  /** What says nothing about an answer: greetings, signs of life. */
  ignored: Mark.optional(),
});

export const WebSocketResponse = z.strictObject({
  /** Where a message says what it is. */
  type: Paths.optional(),
  kinds: Kinds,
  /** Where a message says which request it answers. */
  id: Paths.optional(),
  /** JSON; or plain text of the answer, beside which JSON objects may say what else there is to say. */
  frames: z.enum(['json', 'text']).default('json'),
  /** Not for `frames: text`. */
  text: text.optional(),
  textIs,
  reasoning,
  finish,
  finishReasons,
  usage,
  extra,
  errorCode,
  errorMessage,
  errors,
});
export type WebSocketResponse = z.output<typeof WebSocketResponse>;
