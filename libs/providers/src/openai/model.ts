import { networkFailure } from '../http/network-failure.js';
import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { StreamPart } from '../spec/stream-part.js';
import { AnswerReader } from './from-wire.js';
import { readAnswer } from './read-answer.js';
import type { Dialect } from './settings.js';
import { toWire } from './to-wire.js';
import type { OpenAITransport } from './transport.js';

export interface OpenAIModelInit {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly transport: OpenAITransport;
  readonly dialect: Dialect;
  readonly newCallId: () => string;
}

/** A model behind `POST /chat/completions` (https://platform.openai.com/docs/api-reference/chat/create), always streamed. */
export class OpenAIModel implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;

  constructor(private readonly init: OpenAIModelInit) {
    this.ref = init.ref;
    this.capabilities = init.capabilities;
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    const { transport, dialect, newCallId } = this.init;
    const { body, warnings } = toWire(call, this.ref, dialect);
    const context = { ref: this.ref, secrets: transport.secrets };
    const response = await transport.send('POST', '/chat/completions', { ref: this.ref, body }, signal);
    const reader = new AnswerReader(context, newCallId);
    let complete = false;
    try {
      for (const warning of warnings) yield { type: 'warning', warning };
      for await (const over of readAnswer(response, reader, context)) {
        // Set before the last part goes out: whoever leaves at `finish` has had the whole message.
        complete = over;
        for (const part of reader.take()) {
          if (signal.aborted) throw signal.reason;
          yield part;
        }
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : networkFailure(error, { ...context, started: true });
    } finally {
      response.release(complete);
    }
  }
}
