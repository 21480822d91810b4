import { decorated } from '../spec/decorated-model.js';
import type { LanguageModel } from '../spec/language-model.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { ThinkMemory } from './think-memory.js';
import { ThinkTags } from './think-tags.js';

/**
 * The model, with text between think tags turned into reasoning; many open models write their thoughts into the text.
 * `memory`: of how models begin, for one whose server may put the opening tag into the prompt.
 */
export function withThinkTags(model: LanguageModel, memory?: ThinkMemory, now: () => number = Date.now): LanguageModel {
  return decorated(model, {
    stream: (call, signal) => ({
      [Symbol.asyncIterator]: () =>
        new ThinkTagIterator(
          model.stream(call, signal)[Symbol.asyncIterator](),
          new ThinkTags(
            memory && { habit: memory.of(model.ref), learn: (habit) => memory.learn(model.ref, habit), now },
          ),
        ),
    }),
  });
}

const RELEASE = Symbol('release');

/** Once that is decided, the source's own promises are passed on, so that a token has no extra cost. */
class ThinkTagIterator implements AsyncIterator<StreamPart, void, undefined> {
  private ready: readonly StreamPart[] = [];
  /** Asked for, and not come yet. */
  private pending: Promise<IteratorResult<StreamPart, void>> | undefined;

  constructor(
    private readonly source: AsyncIterator<StreamPart>,
    private readonly tags: ThinkTags,
  ) {}

  next(): Promise<IteratorResult<StreamPart, void>> {
    return this.tags.isDone && this.ready.length === 0 && !this.pending ? this.source.next() : this.pull();
  }

  async return(): Promise<IteratorResult<StreamPart, void>> {
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  private async pull(): Promise<IteratorResult<StreamPart, void>> {
    while (this.ready.length === 0) {
      const next = await this.nextOrRelease();
      if (next === RELEASE) this.ready = this.tags.release();
      else if (next.done) return next;
      else this.ready = this.tags.push(next.value);
    }
    const [value, ...rest] = this.ready;
    this.ready = rest;
    return { done: false, value: value as StreamPart };
  }

  /** Text that is held back waits for a limited time, whether or not more of it comes. */
  private async nextOrRelease(): Promise<IteratorResult<StreamPart, void> | typeof RELEASE> {
    const next = (this.pending ??= this.source.next());
    const { heldForMs } = this.tags;
    if (heldForMs === undefined) {
      this.pending = undefined;
      return next;
    }
    let timer: NodeJS.Timeout | undefined;
    const waiting = new Promise<typeof RELEASE>((resolve) => (timer = setTimeout(resolve, heldForMs, RELEASE)));
    try {
      const first = await Promise.race([next, waiting]);
      if (first !== RELEASE) this.pending = undefined;
      return first;
    } finally {
      clearTimeout(timer);
    }
  }
}
