import type * as z from 'zod';
import type { Capability } from '../../spec/capability.js';
import { ignoredDocuments } from '../../spec/ignored-documents.js';
import type { LanguageModel, ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import { frameWatch } from '../../wire/frame-watch.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { StreamPart } from '../../spec/stream-part.js';
import { Abortable } from './abortable.js';
import type { ProviderDefinition } from './definition.js';
import { type ModuleFailureContext, moduleFailure } from './failure.js';
import { YieldedParts } from './yielded-parts.js';

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
      const seen = frameWatch(call, this.ref, this.init.secrets);
      yield* this.#untilFinish(this.#ask(call, abortable.inner), abortable, seen);
    } catch (error) {
      throw signal.aborted ? signal.reason : moduleFailure(error, this.init);
    } finally {
      abortable.leave();
    }
  }

  #ask(call: ModelCall, signal: AbortSignal): AsyncIterable<unknown> {
    const { definition, settings, ref } = this.init;
    return iterable(definition.stream(call, { model: ref.model, ref, settings, signal }), ref);
  }

  /** @throws ProviderError `stream_truncated` when there was no finish, `module_failed` for what is no part, and `signal.reason` */
  async *#untilFinish(
    yielded: AsyncIterable<unknown>,
    abortable: Abortable,
    seen: ReturnType<typeof frameWatch>,
  ): AsyncGenerator<StreamPart, void, undefined> {
    const parts = new YieldedParts(this.ref);
    const iterator = yielded[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await abortable.wait(() => iterator.next());
        if (!done) seen?.({ data: JSON.stringify(value) ?? String(value) });
        for (const part of done ? parts.end() : parts.accept(value)) {
          yield part;
          if (part.type === 'finish') return;
        }
        if (done) break;
      }
    } finally {
      // Not awaited: a generator that hangs never ends. Errors on its way out are ignored.
      iterator.return?.().then(undefined, () => undefined);
    }
    throw new ProviderError('stream_truncated', { ref: this.ref, detail: 'the stream ended without finish' });
  }
}

/** What a module's `stream` has returned. What is no async iterable as it should be gets a layer of its own. */
function iterable(returned: unknown, ref: ModelRef): AsyncIterable<unknown> {
  return isAsync(returned) ? returned : adapted(returned, ref);
}

/** @throws ProviderError `module_failed` for what cannot be iterated */
async function* adapted(returned: unknown, ref: ModelRef): AsyncGenerator<unknown, void, undefined> {
  const stream = await returned;
  if (typeof stream === 'string') return yield stream;
  if (isAsync(stream) || isSync(stream)) return yield* stream;
  const detail = `stream of the provider "${ref.provider}" returned ${typeof stream}; write it as async *stream(), and yield the answer`;
  throw new ProviderError('module_failed', { ref, detail, retryable: false });
}

const isAsync = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const isSync = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;
