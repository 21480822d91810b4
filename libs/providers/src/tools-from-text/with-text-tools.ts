import { randomUUID } from 'node:crypto';
import type { LanguageModel } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import { ProviderError } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import { TextToolParts } from './text-tool-parts.js';
import { needsDescription, offeredTools, describeTools } from './tool-prompt.js';

const newCallId = (): string => `call_${randomUUID().replaceAll('-', '')}`;

/**
 * Gives a model tools. A model without tool support, or one that has refused them (`ModelCall.without`), gets them described in its
 * instructions, and the calls that it writes into its text become tool calls. A call without tools is passed to the model unchanged.
 */
export function withTextTools(model: LanguageModel): LanguageModel {
  const described = describingTools(model);
  if (!model.capabilities.has('tools')) return described;
  return {
    ...model,
    stream: (call, signal) => (call.without?.has('tools') ? described : model).stream(call, signal),
  };
}

function describingTools(model: LanguageModel): LanguageModel {
  const { countInput } = model;
  return {
    ref: model.ref,
    ...(model.contextWindow !== undefined && { contextWindow: model.contextWindow }),
    capabilities: new Set([...model.capabilities, 'tools']),
    ...(countInput && {
      countInput: (call, signal) =>
        countInput(needsDescription(call) ? describeTools(call, offeredTools(call)) : call, signal),
    }),
    stream(call, signal) {
      if (!needsDescription(call)) return model.stream(call, signal);
      const offered = offeredTools(call);
      const parts = model.stream(describeTools(call, offered), signal);
      if (offered.length === 0) return parts;
      const names = new Set(offered.map(({ name }) => name));
      return {
        [Symbol.asyncIterator]: () =>
          new TextToolIterator(model.ref, parts[Symbol.asyncIterator](), new TextToolParts(names, newCallId)),
      };
    },
  };
}

class TextToolIterator implements AsyncIterator<StreamPart, void, undefined> {
  /** Parts that were made and not read yet: those from `position` on. */
  private ready: readonly StreamPart[] = [];
  private position = 0;

  constructor(
    private readonly ref: ModelRef,
    private readonly source: AsyncIterator<StreamPart>,
    private readonly parts: TextToolParts,
  ) {}

  async next(): Promise<IteratorResult<StreamPart, void>> {
    while (this.position === this.ready.length) {
      const next = await this.source.next();
      if (next.done) return next;
      this.ready = await this.read(next.value);
      this.position = 0;
    }
    return { done: false, value: this.ready[this.position++] as StreamPart };
  }

  /** An answer with more calls than any model asks for is ended: the provider is not to write on for nobody. */
  private async read(part: StreamPart): Promise<readonly StreamPart[]> {
    try {
      return this.parts.push(part);
    } catch (error) {
      await this.source.return?.();
      if (!(error instanceof RangeError)) throw error;
      throw new ProviderError('malformed_response', { ref: this.ref, detail: error.message, cause: error });
    }
  }

  async return(): Promise<IteratorResult<StreamPart, void>> {
    await this.source.return?.();
    return { done: true, value: undefined };
  }
}
