import {
  type Annotation,
  type AssistantContentPart,
  type AssistantMessageItem,
  type ItemUpdate,
  SurrogateJoiner,
} from '#chatkit';
import type { ModelDocument, Source } from '#providers';
import { TURN_BOUNDS } from '../output/turn-bounds.js';
import type { EventSink } from '../output/turn-output.js';
import { citationsIn, toAnnotation } from './citations.js';

interface Part {
  readonly index: number;
  readonly joiner: SurrogateJoiner;
  text: string;
  readonly annotations: Annotation[];
}

/** One assistant message: announced, extended part by part, and finished by the code that takes its item [GF-2]. */
export class MessageWriter {
  private readonly parts: Part[] = [];
  private readonly open = new Map<string, Part>();
  /** The model cites in its own way, so that a number in brackets is only text. */
  private citesItself = false;

  constructor(
    private readonly sink: EventSink,
    private readonly announced: AssistantMessageItem,
    /** The model's own id of the message, where it has one. */
    readonly modelId: string | undefined,
    private readonly documents: readonly ModelDocument[],
    /** Called for each annotation that is left out, because the part has as many as it may have. */
    private readonly onLostAnnotation: () => Promise<void> | undefined,
  ) {}

  /** The message as it is now. */
  get item(): AssistantMessageItem {
    return { ...this.announced, content: this.parts.map(({ text, annotations }) => outputText(text, annotations)) };
  }

  announce(): Promise<void> | undefined {
    return this.sink.emit({ type: 'thread.item.added', item: this.announced });
  }

  startPart(blockId: string): Promise<void> | undefined {
    const part: Part = { index: this.parts.length, joiner: new SurrogateJoiner(), text: '', annotations: [] };
    this.parts.push(part);
    this.open.set(blockId, part);
    return this.update({
      type: 'assistant_message.content_part.added',
      content_index: part.index,
      content: outputText(''),
    });
  }

  append(blockId: string, text: string): Promise<void> | undefined {
    const part = this.open.get(blockId);
    return part && this.send(part, part.joiner.push(text));
  }

  async endPart(blockId: string): Promise<void> {
    const part = this.open.get(blockId);
    if (!part) return;
    await this.send(part, part.joiner.flush());
    this.open.delete(blockId);
    const marks = this.citesItself ? [] : citationsIn(part.text, this.documents);
    for (const annotation of marks) await this.annotate(part, annotation);
    // The end of a part repeats its text, not its annotations [UP-3].
    await this.update({
      type: 'assistant_message.content_part.done',
      content_index: part.index,
      content: outputText(part.text),
    });
  }

  /** Ends the parts that are still open. A map may lose entries while it is walked. */
  async endParts(): Promise<void> {
    for (const blockId of this.open.keys()) await this.endPart(blockId);
  }

  /** A source that the model named: of a text block, or of what it said last [AN-2]. */
  cite(source: Source, blockId: string | undefined): Promise<void> | undefined {
    this.citesItself = true;
    const part = (blockId === undefined ? undefined : this.open.get(blockId)) ?? this.parts.at(-1);
    return part && this.annotate(part, toAnnotation(source));
  }

  private annotate(part: Part, annotation: Annotation): Promise<void> | undefined {
    if (part.annotations.length >= TURN_BOUNDS.annotations) return this.onLostAnnotation();
    const annotation_index = part.annotations.push(annotation) - 1;
    return this.update({
      type: 'assistant_message.content_part.annotation_added',
      content_index: part.index,
      annotation_index,
      annotation,
    });
  }

  private send(part: Part, delta: string): Promise<void> | undefined {
    if (delta === '') return undefined;
    part.text += delta;
    return this.sink.textDelta(this.announced.id, part.index, delta);
  }

  private update(update: ItemUpdate): Promise<void> | undefined {
    return this.sink.emit({ type: 'thread.item.updated', item_id: this.announced.id, update });
  }
}

const outputText = (text: string, annotations: Annotation[] = []): AssistantContentPart => ({
  type: 'output_text',
  text,
  annotations: [...annotations],
});
