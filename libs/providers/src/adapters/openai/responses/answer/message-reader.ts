import { count, type Json, list, object, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import { toSource } from './annotation.js';
import type { ItemReader } from './item-reader.js';
import { StreamedBlock } from './streamed-block.js';

/** A message: each of its content parts is a text block, refusals included, which are an answer, too. */
export class MessageReader implements ItemReader {
  readonly #parts = new Map<number, MessagePart>();

  constructor(
    private readonly writer: PartWriter,
    private readonly messageId: string,
  ) {}

  event(type: string, event: Json): void {
    const part = this.#part(count(event['content_index']) ?? 0);
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return part.block.delta(text(event['delta']));
      case 'response.output_text.done':
        return part.block.whole(text(event['text']));
      case 'response.refusal.done':
        return part.block.whole(text(event['refusal']));
      case 'response.output_text.annotation.added':
        return part.annotation(event['annotation'], count(event['annotation_index']));
      case 'response.content_part.added':
        part.block.open();
        return part.whole(object(event['part']) ?? {});
      case 'response.content_part.done':
        part.whole(object(event['part']) ?? {});
        return part.block.end();
    }
  }

  done(item: Json): void {
    for (const [index, content] of list(item['content']).entries()) this.#part(index).whole(object(content) ?? {});
    for (const part of this.#parts.values()) part.block.end();
  }

  #part(index: number): MessagePart {
    const known = this.#parts.get(index);
    if (known) return known;
    const part = new MessagePart(this.writer, this.messageId);
    this.#parts.set(index, part);
    return part;
  }
}

class MessagePart {
  readonly block: StreamedBlock;
  #annotations = 0;

  constructor(
    private readonly writer: PartWriter,
    messageId: string,
  ) {
    this.block = new StreamedBlock(writer, { type: 'text-start', messageId });
  }

  /** The part as the server has it now, with annotations that no event reported. */
  whole(part: Json): void {
    this.block.whole(text(part['text']) || text(part['refusal']));
    for (const [index, annotation] of list(part['annotations']).entries()) this.annotation(annotation, index);
  }

  /** The index counts all annotations of the part, those that are no sources included. */
  annotation(annotation: unknown, index = this.#annotations): void {
    if (index < this.#annotations) return;
    this.#annotations = index + 1;
    const source = toSource(annotation);
    if (source) this.writer.source(source, this.block.id);
  }
}
