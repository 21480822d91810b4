import {
  type AssistantMessageItem,
  encodeEvent,
  SurrogateJoiner,
  textDeltaEncoder,
  type ThreadStreamEvent,
} from '#chatkit';
import type { FinishReason, StreamPart, Usage } from '#providers';

/** Where the frames of an answer go. */
export interface AnswerSink {
  write(frame: string): void;
  itemOpened(itemId: string): void;
}

interface OpenPart {
  readonly index: number;
  readonly encode: (delta: string) => string;
  readonly joiner: SurrogateJoiner;
}

/**
 * Translates the parts of one model call into the events of one assistant message (GF-2): the message is announced
 * with its first text, each text block is a content part, deltas go out as finished frames. The one place that knows
 * both words: part and event.
 */
export class Answer {
  usage: Usage | undefined;
  finish: FinishReason | undefined;
  firstTextAt: Date | undefined;

  private readonly texts: string[] = [];
  private readonly open = new Map<string, OpenPart>();
  private announced = false;
  private readonly createdAt: string;

  constructor(
    private readonly sink: AnswerSink,
    private readonly itemId: string,
    private readonly threadId: string,
    now: Date,
  ) {
    this.createdAt = now.toISOString();
  }

  accept(part: StreamPart): void {
    switch (part.type) {
      case 'text-start':
        this.startPart(part.id);
        return;
      case 'text-delta':
        this.append(part.id, part.text);
        return;
      case 'text-end':
        this.endPart(part.id);
        return;
      case 'usage':
        this.usage = part.usage;
        return;
      case 'finish':
        this.finish = part.reason;
        this.usage = part.usage ?? this.usage;
        return;
      // No assistant of this version offers tools or shows reasoning and sources.
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
      case 'source':
      case 'warning':
    }
  }

  /** The message as it is now; undefined while no part has started. */
  get item(): AssistantMessageItem | undefined {
    return this.announced ? this.message(this.texts) : undefined;
  }

  /** Whether there is anything worth keeping of a stopped answer (CX-2). */
  get hasText(): boolean {
    return this.texts.some((text) => text.trim() !== '');
  }

  private startPart(blockId: string): void {
    if (!this.announced) this.announce();
    const index = this.texts.push('') - 1;
    this.open.set(blockId, { index, encode: textDeltaEncoder(this.itemId, index), joiner: new SurrogateJoiner() });
    this.update({ type: 'assistant_message.content_part.added', content_index: index, content: outputText('') });
  }

  private append(blockId: string, text: string): void {
    const part = this.open.get(blockId);
    if (part) this.emit(part, part.joiner.push(text));
  }

  private endPart(blockId: string): void {
    const part = this.open.get(blockId);
    if (!part) return;
    this.emit(part, part.joiner.flush());
    this.open.delete(blockId);
    const content = outputText(this.texts[part.index] ?? '');
    this.update({ type: 'assistant_message.content_part.done', content_index: part.index, content });
  }

  private emit(part: OpenPart, delta: string): void {
    if (delta === '') return;
    this.firstTextAt ??= new Date();
    this.texts[part.index] += delta;
    this.sink.write(part.encode(delta));
  }

  private announce(): void {
    this.announced = true;
    this.sink.write(encodeEvent({ type: 'thread.item.added', item: this.message([]) }));
    this.sink.itemOpened(this.itemId);
  }

  private update(update: Extract<ThreadStreamEvent, { type: 'thread.item.updated' }>['update']): void {
    this.sink.write(encodeEvent({ type: 'thread.item.updated', item_id: this.itemId, update }));
  }

  private message(texts: readonly string[]): AssistantMessageItem {
    return {
      type: 'assistant_message',
      id: this.itemId,
      thread_id: this.threadId,
      created_at: this.createdAt,
      content: texts.map(outputText),
    };
  }
}

const outputText = (text: string) => ({ type: 'output_text' as const, text, annotations: [] });
