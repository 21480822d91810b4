import type * as z from 'zod';
import type { Capability } from '../../spec/capability.js';
import { ignoredDocuments } from '../../spec/ignored-documents.js';
import type { LanguageModel, ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { StreamPart } from '../../spec/stream-part.js';
import { Abortable } from './abortable.js';
import type { ProviderDefinition } from './definition.js';
import { type ModuleFailureContext, moduleFailure } from './failure.js';

export interface ModuleModelInit<Settings extends z.ZodObject> extends ModuleFailureContext {
  readonly ref: ModelRef;
  readonly definition: ProviderDefinition<Settings>;
  readonly settings: z.output<Settings>;
  readonly capabilities: ReadonlySet<Capability>;
}

/** A model of a custom provider: enforces the contract where the module's code may not. */
export class ModuleModel<Settings extends z.ZodObject> implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;

  constructor(private readonly init: ModuleModelInit<Settings>) {
    this.ref = init.ref;
    this.capabilities = init.capabilities;
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    signal.throwIfAborted();
    if (!this.capabilities.has('documents')) {
      for (const warning of ignoredDocuments(call)) yield { type: 'warning', warning };
    }
    const abortable = new Abortable(signal);
    try {
      yield* this.#untilFinish(this.#ask(call, abortable.inner), abortable);
    } catch (error) {
      throw signal.aborted ? signal.reason : moduleFailure(error, this.init);
    } finally {
      abortable.leave();
    }
  }

  #ask(call: ModelCall, signal: AbortSignal): AsyncIterable<StreamPart> {
    const { definition, settings, ref } = this.init;
    return definition.stream(call, { model: ref.model, ref, settings, signal });
  }

  /** @throws ProviderError `stream_truncated` when there was no finish, and `signal.reason` */
  async *#untilFinish(
    parts: AsyncIterable<StreamPart>,
    abortable: Abortable,
  ): AsyncGenerator<StreamPart, void, undefined> {
    const iterator = parts[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await abortable.wait(() => iterator.next());
        if (done) break;
        yield value;
        if (value.type === 'finish') return;
      }
    } finally {
      // Not awaited: a generator that hangs never ends. Errors on its way out are ignored.
      iterator.return?.().then(undefined, () => undefined);
    }
    throw new ProviderError('stream_truncated', { ref: this.ref, detail: 'the stream ended without finish' });
  }
}
