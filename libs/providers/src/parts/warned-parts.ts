import type { StreamPart, Warning } from '../spec/stream-part.js';

/** The parts of an answer behind these warnings. */
export function warnedParts(warnings: readonly Warning[], parts: AsyncIterable<StreamPart>): AsyncIterable<StreamPart> {
  if (warnings.length === 0) return parts;
  return { [Symbol.asyncIterator]: () => new WarnedIterator(warnings, parts[Symbol.asyncIterator]()) };
}

/** Warnings first; then the source's own promises are passed on, so that a token has no extra cost. */
class WarnedIterator implements AsyncIterator<StreamPart, void, undefined> {
  private handedOn = 0;

  constructor(
    private readonly warnings: readonly Warning[],
    private readonly source: AsyncIterator<StreamPart, void>,
  ) {}

  next(): Promise<IteratorResult<StreamPart, void>> {
    const warning = this.warnings[this.handedOn++];
    return warning ? Promise.resolve({ done: false, value: { type: 'warning', warning } }) : this.source.next();
  }

  async return(): Promise<IteratorResult<StreamPart, void>> {
    await this.source.return?.();
    return { done: true, value: undefined };
  }
}
