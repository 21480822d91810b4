import { createHash } from 'node:crypto';

/** What all results have together, in characters: some hundred pictures, or a thousand documents. */
const MAX_CHARS = 64 * 1024 * 1024;
/** Of a result that has no characters of its own. */
const LEAST = 200;

/**
 * Results of conversions by what was converted, in this process: a thread brings the same pictures and documents at each of its
 * turns. The least recently used ones are dropped.
 */
export class ConversionCache<Result> {
  private readonly results = new Map<string, { readonly result: Promise<Result>; chars: number }>();
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
    const result = this.kept(key, convert);
    this.results.set(key, { result, chars: 0 });
    return result;
  }

  private async kept(key: string, convert: () => Promise<Result>): Promise<Result> {
    try {
      const result = await convert();
      this.settle(key, this.charsOf(result) + LEAST);
      return result;
    } catch (error) {
      this.results.delete(key);
      throw error;
    }
  }

  private settle(key: string, chars: number): void {
    const entry = this.results.get(key);
    if (!entry) return;
    entry.chars = chars;
    this.chars += chars;
    for (const [oldest, { chars: freed }] of this.results) {
      if (this.chars <= this.maxChars) return;
      this.results.delete(oldest);
      this.chars -= freed;
    }
  }
}
