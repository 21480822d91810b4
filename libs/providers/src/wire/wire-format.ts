import type { ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { Warning } from '../spec/stream-part.js';
import type { AnswerReader } from './answer-reader.js';
import type { FailureContext } from './errors.js';

/** One of the formats in which models can be talked to over HTTP. */
export interface WireFormat {
  /** Behind the base URL; a function where it names the model. */
  readonly path: string | ((model: string) => string);
  /** How the frames of a stream are told apart: server-sent events by default, or a JSON object on each line. */
  readonly framing?: 'ndjson';
  /** The body of a streaming request, with what could not be expressed in it. */
  toWire(call: ModelCall, ref: ModelRef): { body: object; warnings: readonly Warning[] };
  /** `newCallId` names a tool call that the server left without a name. */
  newReader(context: FailureContext, newCallId: () => string): AnswerReader;
}
