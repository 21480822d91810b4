import type { ToolUseBlock } from '@anthropic-ai/sdk/resources/messages';
import { object, text } from '../../../http/json.js';
import type { PartWriter } from '../../../parts/part-writer.js';
import type { Delta, Unchecked } from '../wire.js';
import type { BlockReader } from './block-reader.js';

/** A call of one of our functions. Its input is streamed as JSON text, or stands in the block when a server does not stream. */
export class ToolUseReader implements BlockReader {
  readonly #id: string;
  #streamed = false;

  constructor(
    private readonly writer: PartWriter,
    private readonly block: Unchecked<ToolUseBlock>,
    newCallId: () => string,
  ) {
    const callId = text(block.id) || newCallId();
    this.#id = writer.start({ type: 'tool-call-start', callId, name: text(block.name) });
  }

  delta(delta: Delta): boolean {
    if (delta.type !== 'input_json_delta') return false;
    const piece = text(delta.partial_json);
    this.#streamed ||= piece !== '';
    this.writer.delta(this.#id, piece);
    return true;
  }

  stop(): void {
    const input = object(this.block.input);
    // A streamed block has an empty input at its start, which is no argument.
    if (!this.#streamed && input && Object.keys(input).length > 0) this.writer.delta(this.#id, JSON.stringify(input));
    this.writer.end(this.#id);
  }
}
