import type { SettingFacts } from '../spec/call-settings.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { Warning } from '../spec/stream-part.js';
import type { AnswerReader } from './answer-reader.js';
import type { HttpMethod, HttpResponse } from '../http/http-client.js';
import type { SseFrame } from '../http/sse-frames.js';
import type { FrameContent } from '../http/text-frames.js';
import type { FailureContext, FailureRules } from './errors.js';

/**
 * How the frames of a stream are separated: a JSON object on each line, unless the body says that it is JSON as a whole;
 * JSON separated by a declared delimiter, whatever the content type; plain text, which reaches the reader as JSON strings;
 * no stream at all; or in a way of the adapter's own, as if the frames were server-sent events.
 */
export type Framing = 'ndjson' | DelimitedFraming | EventFraming | 'text' | 'whole' | OwnFraming;

/** What stands between two delimiters is JSON or plain text. */
export interface DelimitedFraming {
  readonly delimiter: string;
  readonly content?: FrameContent;
}

/** Server-sent events with JSON or plain text in them. */
export interface EventFraming {
  readonly events: true;
  readonly content: FrameContent;
}

/** The frames that each network chunk completed, together. */
export type OwnFraming = (response: HttpResponse) => AsyncIterable<readonly SseFrame[]>;

/** One request for an answer, with what could not be expressed in it. */
export interface WireRequest<Body = unknown> {
  /** By default POST. */
  readonly method?: HttpMethod;
  /** By default the carrier's. */
  readonly path?: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. Undefined: none is sent. */
  readonly body: Body;
  readonly warnings: readonly Warning[];
}

/** Who answers, and which of its thoughts it wants back; see `ModelCall`. */
export interface ReaderContext extends FailureContext {
  readonly wantedThoughts?: ModelCall['wantedThoughts'];
}

/** One of the formats in which models can be talked to over HTTP. `Body` is the vendor's own type where there is one. */
export interface WireFormat<Body = unknown> {
  /** By default server-sent events. */
  readonly framing?: Framing;
  /** How its readers understand errors in mid-stream, where not as most are. */
  readonly failures?: FailureRules;
  /** @throws ProviderError for a call that cannot be sent */
  toWire(call: ModelCall, ref: ModelRef): WireRequest<Body>;
  /** What is known of a model's settings; which of them it takes shows in the warnings of `toWire`. */
  settingFacts?(model: string): SettingFacts;
  /** `newCallId` names a tool call that the server left without a name. */
  newReader(context: ReaderContext, newCallId: () => string): AnswerReader;
}
