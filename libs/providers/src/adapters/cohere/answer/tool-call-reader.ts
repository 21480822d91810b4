import { type Json, object, text } from '../../../http/json.js';
import type { PartWriter } from '../../../parts/part-writer.js';

/** The calls of an answer, distinguished by their index. One without a name is dropped: there is nothing to run. */
export class ToolCallReader {
  readonly #blocks = new Map<number, string>();

  constructor(
    private readonly writer: PartWriter,
    private readonly newCallId: () => string,
  ) {}

  /** Whether any was asked for. */
  get answered(): boolean {
    return this.#blocks.size > 0;
  }

  start(index: number, call: Json): void {
    const name = text(object(call['function'])?.['name']);
    if (!name) return;
    this.#blocks.set(index, this.writer.toolCall(text(call['id']) || this.newCallId(), name));
    this.delta(index, call);
  }

  delta(index: number, call: Json): void {
    const block = this.#blocks.get(index);
    const given = object(call['function'])?.['arguments'];
    if (block === undefined || !given) return;
    // Some servers send the parsed arguments, whole.
    this.writer.delta(block, typeof given === 'string' ? given : JSON.stringify(given));
  }

  end(index: number): void {
    const block = this.#blocks.get(index);
    if (block !== undefined) this.writer.end(block);
  }
}
