import { networkFailure } from '../http/network-failure.js';
import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { CallSettings, SettingFacts } from '../spec/call-settings.js';
import type { StreamPart, Warning } from '../spec/stream-part.js';
import { stripBody } from '../unsupported/strip-body.js';
import { frameWatch } from './frame-watch.js';
import { readAnswer } from './read-answer.js';
import { withConfigured } from './request-body.js';
import type { Carrier } from './carrier.js';
import type { WireFormat, WireRequest } from './wire-format.js';

export interface HttpModelInit<Body> {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly carrier: Carrier<Body>;
  readonly format: WireFormat<Body>;
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
  /** See {@link LanguageModel.account}. */
  readonly account: string;
  readonly newCallId: () => string;
}

/** Any will do. */
const A_PROMPT: ModelCall['prompt'] = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];

/** A model behind an HTTP API: OpenAI's, or any that has a {@link WireFormat}. Streams when the API can. */
export class HttpModel<Body> implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly account: string;

  constructor(private readonly init: HttpModelInit<Body>) {
    this.ref = init.ref;
    this.capabilities = init.capabilities;
    this.account = init.account;
  }

  settingFacts(): SettingFacts {
    return this.init.format.settingFacts?.(this.ref.model) ?? {};
  }

  checkSettings(settings: CallSettings): readonly Warning[] {
    return this.init.format.toWire({ prompt: A_PROMPT, settings }, this.ref).warnings;
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    const { carrier, format, secrets, newCallId } = this.init;
    const request = this.#request(call);
    const context = { ref: this.ref, secrets, ...format.failures };
    const response = await carrier(request, this.ref, signal);
    const { wantedThoughts } = call;
    const reader = format.newReader({ ...context, ...(wantedThoughts && { wantedThoughts }) }, newCallId);
    let complete = false;
    try {
      for (const warning of request.warnings) yield { type: 'warning', warning };
      const seen = frameWatch(call, this.ref, secrets);
      for await (const over of await readAnswer(response, reader, context, format.framing, seen)) {
        // Set before the last part goes out: a reader that stops at `finish` has had the whole message.
        complete = over;
        for (const part of reader.take()) {
          if (signal.aborted) throw signal.reason;
          yield part.type === 'reasoning-replay' ? this.#signed(part) : part;
        }
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : networkFailure(error, { ...context, started: true });
    } finally {
      response.release(complete);
    }
  }

  #request(call: ModelCall): WireRequest<Body> {
    const written = this.init.format.toWire(call, this.ref);
    const request = { ...written, body: withConfigured(written.body, call.body) };
    if (!call.without) return request;
    const { body, warnings } = stripBody(request.body, call.without);
    return { ...request, body, warnings: [...request.warnings, ...warnings] };
  }

  /** With whose thoughts these are: another model or account cannot take them. */
  #signed({ type, reasoning }: Extract<StreamPart, { type: 'reasoning-replay' }>): StreamPart {
    return { type, reasoning: { ...reasoning, model: this.ref.model, account: this.account } };
  }
}
