import { isConflict, isUnavailable } from './is-unavailable.js';

/** The two ways to do what a {@link Batcher} is given. */
export interface BatchWork<Input, Output> {
  /**
   * Does several in one round trip: all that need not wait for a lock, each once. Inputs missing from the result were not
   * done. A promise in the result is further work on that input alone; the others do not wait for it.
   */
  readonly together: (inputs: readonly Input[]) => Promise<ReadonlyMap<Input, Output | Promise<Output>>>;
  /** Does one that the batch left out, and waits for whatever it needs. */
  readonly alone: (input: Input) => Promise<Output>;
}

/** Limits the size of a statement's parameters. */
const AT_ONCE = 100;
/** A connection that has gone dead blocks its own batch only. */
const PATIENCE_MS = 250;

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output | Promise<Output>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Combines what is done for many runs at once: a round trip and a commit cost more than the work itself.
 * Inputs that arrive during a batch are in the next one, so batches grow with the load and nothing is delayed when there
 * is none. No input waits for a lock that another one needs.
 */
export class Batcher<Input, Output> {
  private waiting: Waiting<Input, Output>[] = [];
  private isUnderWay = false;

  constructor(private readonly work: BatchWork<Input, Output>) {}

  /** Rejects when the store is unavailable: then it is unknown whether it was done. */
  do(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      if (this.isUnderWay) return;
      this.isUnderWay = true;
      setImmediate(() => void this.doAll());
    });
  }

  private async doAll(): Promise<void> {
    while (this.waiting.length > 0) await unlessSlow(this.doBatch(this.waiting.splice(0, AT_ONCE)));
    this.isUnderWay = false;
  }

  private async doBatch(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      const done = await this.together(batch.map(({ input }) => input));
      for (const { input, resolve } of batch) {
        resolve(done.has(input) ? (done.get(input) as Output | Promise<Output>) : this.work.alone(input));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** When the store refuses a batch because of one input, none is done: each is then tried on its own. */
  private async together(inputs: readonly Input[]): ReturnType<BatchWork<Input, Output>['together']> {
    try {
      return await this.work.together(inputs);
    } catch (error) {
      if (isUnavailable(error) && !isConflict(error)) throw error;
      return new Map();
    }
  }
}

async function unlessSlow(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(timer);
}

/**
 * Parameters from `$first` on, each an array of such a type, as rows. The number of rows is hidden from the planner, which
 * would otherwise plan the statement anew for each length of a batch, and planning costs more than the statement itself.
 */
export function unnested(types: readonly string[], first = 1): string {
  const [hidden, ...others] = types.map((type, index) => `$${first + index}::${type}[]`);
  return `unnest(${[`(SELECT ${hidden})`, ...others].join(', ')})`;
}
