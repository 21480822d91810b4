import { count, type Json, list, object, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import type { ItemReader } from './item-reader.js';
import { StreamedBlock } from './streamed-block.js';
import type { ResponseEventType } from '../wire.js';

/**
 * A reasoning item: each part of its summary is a thought, and each part of its text where a server shows that. The first block
 * exists from the start, because it is known that the model thinks before it is known what [WF-1].
 */
export class ReasoningReader implements ItemReader {
  readonly #thoughts = new Map<string, StreamedBlock>();
  #current: StreamedBlock;
  #unused = true;

  constructor(
    private readonly writer: PartWriter,
    private readonly itemId: string,
  ) {
    this.#current = this.#newBlock();
    this.#current.open();
  }

  event(type: ResponseEventType, event: Json): void {
    switch (type) {
      case 'response.reasoning_summary_part.added':
      case 'response.reasoning_summary_part.done':
        return this.#part(type, this.#summary(event['summary_index']), event);
      case 'response.content_part.added':
      case 'response.content_part.done':
        return this.#part(type, this.#text(event['content_index']), event);
      case 'response.reasoning_summary_text.delta':
        return this.#summary(event['summary_index']).delta(text(event['delta']));
      case 'response.reasoning_text.delta':
        return this.#text(event['content_index']).delta(text(event['delta']));
      case 'response.reasoning_summary_text.done':
        return finish(this.#summary(event['summary_index']), event);
      case 'response.reasoning_text.done':
        return finish(this.#text(event['content_index']), event);
      default:
        // An event about another kind of item.
        return;
    }
  }

  done(item: Json): void {
    for (const [index, part] of list(item['summary']).entries()) finish(this.#summary(index), part);
    for (const [index, part] of list(item['content']).entries()) finish(this.#text(index), part);
    this.leave();
  }

  /** The model has gone on to something else, though the item may be declared done much later. */
  leave(): void {
    this.#current.end();
    for (const thought of this.#thoughts.values()) thought.end();
  }

  #part(type: string, thought: StreamedBlock, event: Json): void {
    if (type.endsWith('.done')) return finish(thought, event['part']);
    thought.open();
    thought.whole(text(object(event['part'])?.['text']));
  }

  #summary(index: unknown): StreamedBlock {
    return this.#thought(`summary ${count(index) ?? 0}`);
  }

  #text(index: unknown): StreamedBlock {
    return this.#thought(`text ${count(index) ?? 0}`);
  }

  #thought(key: string): StreamedBlock {
    const known = this.#thoughts.get(key);
    if (known) return known;
    if (!this.#unused) {
      this.leave();
      this.#current = this.#newBlock();
    }
    this.#unused = false;
    this.#thoughts.set(key, this.#current);
    return this.#current;
  }

  #newBlock(): StreamedBlock {
    return new StreamedBlock(this.writer, { type: 'reasoning-start', itemId: this.itemId });
  }
}

function finish(thought: StreamedBlock, part: unknown): void {
  thought.whole(text(object(part)?.['text']));
  thought.end();
}

/**
 * What the next request must hold of a finished reasoning item. Undefined without content of its own, encrypted or (open
 * models) plain: OpenAI would look it up by its id, and refuse when it is not stored.
 */
export function toReplay(item: Json): Json | undefined {
  const encrypted = text(item['encrypted_content']);
  const content = list(item['content']);
  if (!encrypted && content.length === 0) return undefined;
  return {
    id: item['id'],
    summary: list(item['summary']),
    ...(content.length > 0 && { content }),
    ...(encrypted && { encrypted_content: encrypted }),
  };
}
