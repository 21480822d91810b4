import type { NewBlock, PartWriter } from '../../../../parts/part-writer.js';

/**
 * A block whose text comes as deltas, whole at its end, or both, so that what is sent twice is written once. It starts
 * with its first text at the latest, and starts again when text follows its end.
 */
export class StreamedBlock {
  #id: string | undefined;
  #soFar = '';

  constructor(
    private readonly writer: PartWriter,
    private readonly block: NewBlock,
  ) {}

  /** Undefined while it is not open. */
  get id(): string | undefined {
    return this.#id;
  }

  open(): string {
    return (this.#id ??= this.writer.start(this.block));
  }

  delta(piece: string): void {
    if (!piece) return;
    this.#soFar += piece;
    this.writer.delta(this.open(), piece);
  }

  /** The whole text. Where it differs from what was streamed, what was streamed stays. */
  whole(all: string): void {
    if (all.startsWith(this.#soFar)) this.delta(all.slice(this.#soFar.length));
  }

  end(): void {
    if (this.#id !== undefined) this.writer.end(this.#id);
    this.#id = undefined;
  }
}
