import type { TextBlock } from '@anthropic-ai/sdk/resources/messages';
import { list, object, text } from '../../../http/json.js';
import type { PartWriter } from '../../../parts/part-writer.js';
import type { Delta, Unchecked } from '../wire.js';
import type { BlockReader } from './block-reader.js';
import { toSource } from './citation.js';

/**
 * The text that neighbouring blocks make up together. Where there are citations, Anthropic cuts a text into a block for each
 * cited passage, in the middle of sentences; for everybody else that is one text.
 */
export class TextRun {
  #id: string | undefined;
  #length = 0;

  constructor(private readonly writer: PartWriter) {}

  /** Undefined before its first character. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Characters so far. */
  get length(): number {
    return this.#length;
  }

  append(piece: string): void {
    if (!piece) return;
    this.#id ??= this.writer.start({ type: 'text-start' });
    this.#length += piece.length;
    this.writer.delta(this.#id, piece);
  }

  /** Something else than text has begun: what comes is another text. */
  end(): void {
    if (this.#id !== undefined) this.writer.end(this.#id);
    this.#id = undefined;
    this.#length = 0;
  }
}

/** A text block. All of its text is what its citations are about, so they are written when it is complete. */
export class TextReader implements BlockReader {
  readonly #citations: unknown[];
  readonly #start: number;

  constructor(
    private readonly writer: PartWriter,
    private readonly run: TextRun,
    block: Unchecked<TextBlock>,
  ) {
    this.#start = run.length;
    this.#citations = [...list(block.citations)];
    run.append(text(block.text));
  }

  delta(delta: Delta): boolean {
    switch (delta.type) {
      case 'text_delta':
        this.run.append(text(delta.text));
        return true;
      case 'citations_delta':
        this.#citations.push(delta.citation);
        return true;
      default:
        return false;
    }
  }

  stop(): void {
    for (const citation of this.#citations) {
      const source = toSource(object(citation) ?? {}, { start: this.#start, end: this.run.length });
      if (source) this.writer.source(source, this.run.id);
    }
  }
}
