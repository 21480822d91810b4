import type { LanguageModel } from '../spec/language-model.js';
import type { StreamPart } from '../spec/stream-part.js';
import { ThinkTags } from './think-tags.js';

/** The model, with text between think tags turned into reasoning; many open models write their thoughts into the text. */
export function withThinkTags(model: LanguageModel): LanguageModel {
  const { countInput } = model;
  return {
    ref: model.ref,
    capabilities: model.capabilities,
    ...(model.contextWindow !== undefined && { contextWindow: model.contextWindow }),
    ...(countInput && { countInput }),
    stream: (call, signal) => ({
      [Symbol.asyncIterator]: () => new ThinkTagIterator(model.stream(call, signal)[Symbol.asyncIterator]()),
    }),
  };
}

/** Once that is decided, the source's own promises are passed on, so that a token has no extra cost. */
class ThinkTagIterator implements AsyncIterator<StreamPart, void, undefined> {
  private readonly tags = new ThinkTags();
  private ready: readonly StreamPart[] = [];

  constructor(private readonly source: AsyncIterator<StreamPart>) {}

  next(): Promise<IteratorResult<StreamPart, void>> {
    return this.tags.isDone && this.ready.length === 0 ? this.source.next() : this.pull();
  }

  async return(): Promise<IteratorResult<StreamPart, void>> {
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  private async pull(): Promise<IteratorResult<StreamPart, void>> {
    while (this.ready.length === 0) {
      const next = await this.source.next();
      if (next.done) return next;
      this.ready = this.tags.push(next.value);
    }
    const [value, ...rest] = this.ready;
    this.ready = rest;
    return { done: false, value: value as StreamPart };
  }
}
