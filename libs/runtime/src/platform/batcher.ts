import { isConflict, isUnavailable } from './is-unavailable.js';

/** The two ways to do what a {@link Batcher} is given. */
export interface BatchWork<Input, Output> {
  /**
   * Does several in one statement, all that can be done without waiting for anybody's lock, and once each. What is
   * missing from the answer was not done. What is left to do of one is its own promise, and no concern of the others.
   */
  readonly together: (inputs: readonly Input[]) => Promise<ReadonlyMap<Input, Output | Promise<Output>>>;
  /** Does one that was left over, and waits for whatever it takes. */
  readonly alone: (input: Input) => Promise<Output>;
}

/** A statement's parameters grow with the batch. */
const AT_ONCE = 100;
/** A connection that has gone dead holds up its own batch only. */
const PATIENCE_MS = 250;

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output | Promise<Output>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what many runs want of Postgres at the same time: a round trip and a commit cost more than the work itself.
 * What comes while a batch is under way leaves with the next one, so batches grow with the load and nothing waits when
 * there is none. Nothing waits for the lock of another either.
 */
export class Batcher<Input, Output> {
  private waiting: Waiting<Input, Output>[] = [];
  private isUnderWay = false;

  constructor(private readonly work: BatchWork<Input, Output>) {}

  /** Rejects when Postgres is out of reach: then nobody knows whether it was done. */
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

  /** What Postgres refuses for the sake of one is done for none of them: each is refused, or done, on its own. */
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
 * Parameters from `$first` on, each a column of such a type, as rows. How many rows there are is hidden from the planner: it
 * would plan the statement anew for each batch, for the sake of its length, which costs more than the statement itself.
 */
export function unnested(types: readonly string[], first = 1): string {
  const [hidden, ...others] = types.map((type, index) => `$${first + index}::${type}[]`);
  return `unnest(${[`(SELECT ${hidden})`, ...others].join(', ')})`;
}
