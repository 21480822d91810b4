import { createHash } from 'node:crypto';

/** What all results have together, in characters: some hundred pictures, or a thousand documents. */
const MAX_CHARS = 64 * 1024 * 1024;
/** Of a result that has no characters of its own. */
const LEAST = 200;

interface Entry<Result> {
  readonly result: Promise<Result>;
  /** None until there is a result. */
  chars: number;
}

/**
 * Results of conversions by what was converted, in this process: a thread brings the same pictures and documents at each of its
 * turns. The least recently used ones are dropped.
 */
export class ConversionCache<Result> {
  private readonly results = new Map<string, Entry<Result>>();
  private chars = 0;

  constructor(
    private readonly charsOf: (result: Result) => number,
    private readonly maxChars = MAX_CHARS,
  ) {}

  /** The result for these data and this use of them; two that ask at once share one conversion. Failures are not kept. */
  get(use: string, data: string, convert: () => Promise<Result>): Promise<Result> {
    const key = `${use} ${createHash('sha256').update(data).digest('base64')}`;
    const known = this.results.get(key);
    if (known) {
      this.results.delete(key);
      this.results.set(key, known);
      return known.result;
    }
    const entry: Entry<Result> = { result: convert(), chars: 0 };
    this.results.set(key, entry);
    void entry.result.then(
      (result) => this.settle(key, entry, this.charsOf(result) + LEAST),
      () => this.forget(key, entry),
    );
    return entry.result;
  }

  /** One that was dropped while it was converted may have a successor under its key. */
  private isKept(key: string, entry: Entry<Result>): boolean {
    return this.results.get(key) === entry;
  }

  private forget(key: string, entry: Entry<Result>): void {
    if (this.isKept(key, entry)) this.results.delete(key);
  }

  private settle(key: string, entry: Entry<Result>, chars: number): void {
    if (!this.isKept(key, entry)) return;
    entry.chars = chars;
    this.chars += chars;
    for (const [oldest, { chars: freed }] of this.results) {
      if (this.chars <= this.maxChars) return;
      this.results.delete(oldest);
      this.chars -= freed;
    }
  }
}
