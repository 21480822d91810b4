import type { ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { Warning } from '../spec/stream-part.js';
import type { AnswerReader } from './answer-reader.js';
import type { FailureContext } from './errors.js';

/** One of the two formats in which OpenAI's models can be talked to. */
export interface WireFormat {
  /** Behind the base URL. */
  readonly path: string;
  /** The body of a streaming request, with what could not be expressed in it. */
  toWire(call: ModelCall, ref: ModelRef): { body: object; warnings: readonly Warning[] };
  /** `newCallId` names a tool call that the server left without a name. */
  newReader(context: FailureContext, newCallId: () => string): AnswerReader;
}
