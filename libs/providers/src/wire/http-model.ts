import { networkFailure } from '../http/network-failure.js';
import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { StreamPart } from '../spec/stream-part.js';
import { readAnswer } from './read-answer.js';
import type { Transport } from './transport.js';
import type { WireFormat } from './wire-format.js';

export interface HttpModelInit {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly transport: Transport;
  readonly format: WireFormat;
  readonly newCallId: () => string;
}

/** A model behind an HTTP API: OpenAI's, or any that has a {@link WireFormat}. Streams when the API can. */
export class HttpModel implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;

  constructor(private readonly init: HttpModelInit) {
    this.ref = init.ref;
    this.capabilities = init.capabilities;
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    const { transport, format, newCallId } = this.init;
    const { body, warnings, method = 'POST', headers, path = this.#path() } = format.toWire(call, this.ref);
    const context = { ref: this.ref, secrets: transport.secrets, ...format.failures };
    const response = await transport.send(method, path, { ref: this.ref, body, headers }, signal);
    const reader = format.newReader(context, newCallId);
    let complete = false;
    try {
      for (const warning of warnings) yield { type: 'warning', warning };
      for await (const over of readAnswer(response, reader, context, format.framing)) {
        // Set before the last part goes out: a reader that stops at `finish` has had the whole message.
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

  #path(): string {
    const { path } = this.init.format;
    return typeof path === 'string' ? path : path(this.ref.model);
  }
}
