import { type Json, text } from '../../../http/json.js';
import type { PartWriter } from '../../../parts/part-writer.js';
import { sourcesOf } from './citation.js';

interface OpenBlock {
  readonly kind: 'text' | 'thinking' | 'plan';
  readonly index: number;
  readonly id: string;
  text: string;
}

/**
 * The texts, the thoughts and the tool plan of an answer. They come one after the other, so whatever begins ends what was
 * open. Thoughts and plan go back to the model in the next call of a tool loop: see `toAssistant`.
 */
export class ContentReader {
  #open: OpenBlock | undefined;
  #answered = false;

  constructor(
    private readonly writer: PartWriter,
    private readonly provider: string,
  ) {}

  /** Whether anything was said or thought. */
  get answered(): boolean {
    return this.#answered;
  }

  /** A content, or a piece of one. A thought is there from its start, since that the model thinks is known before what [WF-1]. */
  push(index: number, content: Json): void {
    const isThought = content['type'] === 'thinking' || typeof content['thinking'] === 'string';
    if (isThought) this.#append('thinking', index, text(content['thinking']));
    else if (content['text']) this.#append('text', index, text(content['text']));
  }

  plan(piece: string): void {
    if (piece) this.#append('plan', 0, piece);
  }

  /** Of the text that is being said, which comes before its citations. */
  cite(citation: unknown): void {
    const id = this.#open?.kind === 'text' ? this.#open.id : undefined;
    for (const source of sourcesOf(citation)) this.writer.source(source, id);
  }

  /** Ends what is open. */
  close(): void {
    if (!this.#open) return;
    const { kind, id, text: written } = this.#open;
    this.#open = undefined;
    this.writer.end(id);
    if (kind !== 'text' && written) {
      this.writer.replay(this.provider, kind === 'plan' ? { tool_plan: written } : { thinking: written });
    }
  }

  #append(kind: OpenBlock['kind'], index: number, piece: string): void {
    const block = this.#continue(kind, index);
    if (kind !== 'text') block.text += piece;
    this.writer.delta(block.id, piece);
  }

  #continue(kind: OpenBlock['kind'], index: number): OpenBlock {
    if (this.#open?.kind === kind && this.#open.index === index) return this.#open;
    this.close();
    this.#answered = true;
    const id = this.writer.start({ type: kind === 'text' ? 'text-start' : 'reasoning-start' });
    this.#open = { kind, index, id, text: '' };
    return this.#open;
  }
}
