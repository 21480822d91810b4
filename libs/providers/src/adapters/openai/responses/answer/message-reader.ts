import { count, type Json, list, object, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import { toSource } from './annotation.js';
import type { ItemReader } from './item-reader.js';
import { StreamedBlock } from './streamed-block.js';
import type { ResponseEventType } from '../wire.js';

/** A message: each of its content parts is a text block, refusals included, which are an answer, too. */
export class MessageReader implements ItemReader {
  /** In the order in which they began. */
  readonly #parts: MessagePart[] = [];
  /** Of the last event: nearly every delta is about the same part as the one before it. */
  #current: MessagePart | undefined;

  constructor(
    private readonly writer: PartWriter,
    private readonly messageId: string,
  ) {}

  event(type: ResponseEventType, event: Json): void {
    const index = count(event['content_index']) ?? 0;
    const part = this.#part(index, type === 'response.content_part.added');
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
        return part.close();
      default:
        // An event about another kind of item.
        return;
    }
  }

  done(item: Json): void {
    const contents = list(item['content']).map((content) => object(content) ?? {});
    for (const [index, part] of this.#matched(contents.length).entries()) part.whole(contents[index] ?? {});
    for (const part of this.#parts) part.close();
  }

  /**
   * The parts that the finished contents belong to. vLLM counts `content_index` on over items (vllm 45742), others give several parts
   * one index: as many parts as there are contents are those contents, in their order. Otherwise the index decides where it can.
   */
  #matched(contents: number): MessagePart[] {
    const ordered = this.#parts.toSorted((a, b) => a.index - b.index);
    if (ordered.length === contents) return ordered;
    const strays = ordered.filter(({ index }) => index >= contents);
    return Array.from({ length: contents }, (_, index) => {
      return ordered.find((part) => part.index === index) ?? strays.shift() ?? this.#begin(index);
    });
  }

  /** `isNew`: it is announced, so that one that is complete is another one with the same index. */
  #part(index: number, isNew: boolean): MessagePart {
    if (this.#current?.index !== index) this.#current = this.#parts.findLast((part) => part.index === index);
    if (!this.#current || (isNew && this.#current.isClosed)) this.#current = this.#begin(index);
    return this.#current;
  }

  #begin(index: number): MessagePart {
    const part = new MessagePart(this.writer, this.messageId, index);
    this.#parts.push(part);
    return part;
  }
}

class MessagePart {
  readonly block: StreamedBlock;
  isClosed = false;
  #annotations = 0;

  constructor(
    private readonly writer: PartWriter,
    messageId: string,
    readonly index: number,
  ) {
    this.block = new StreamedBlock(writer, { type: 'text-start', messageId });
  }

  close(): void {
    this.isClosed = true;
    this.block.end();
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
