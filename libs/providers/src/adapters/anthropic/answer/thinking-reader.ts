import type { RedactedThinkingBlock, ThinkingBlock } from '@anthropic-ai/sdk/resources/messages';
import { type Json, text } from '../../../http/json.js';
import type { PartWriter } from '../../../parts/part-writer.js';
import type { Delta, Unchecked } from '../wire.js';
import type { BlockReader } from './block-reader.js';

/**
 * A `thinking` or `redacted_thinking` block: one thought, whose words may be withheld. It must come back unchanged before the
 * tool calls that it led to, which only a signed (or encrypted) one can.
 */
export class ThinkingReader implements BlockReader {
  readonly #id: string;
  #thinking = '';
  #signature: string;

  constructor(
    private readonly writer: PartWriter,
    private readonly provider: string,
    private readonly block: Json & Unchecked<ThinkingBlock | RedactedThinkingBlock>,
  ) {
    this.#id = writer.start({ type: 'reasoning-start' });
    this.#signature = text(block.signature);
    this.#append(text(block.thinking));
  }

  delta(delta: Delta): boolean {
    switch (delta.type) {
      case 'thinking_delta':
        this.#append(text(delta.thinking));
        return true;
      case 'signature_delta':
        this.#signature = text(delta.signature);
        return true;
      default:
        return false;
    }
  }

  stop(): void {
    this.writer.end(this.#id);
    const replay = this.#toReplay();
    if (replay) this.writer.replay(this.provider, replay);
  }

  #append(piece: string): void {
    this.#thinking += piece;
    this.writer.delta(this.#id, piece);
  }

  #toReplay(): Json | undefined {
    if (this.block.type === 'redacted_thinking') return this.block;
    if (!this.#signature) return undefined;
    return { type: 'thinking', thinking: this.#thinking, signature: this.#signature } satisfies ThinkingBlock;
  }
}
