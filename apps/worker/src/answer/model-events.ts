import { type AssistantMessageItem, newId } from '#chatkit';
import type { ExtraFields, FinishReason, ModelDocument, ReasoningPart, StreamPart, Warning } from '#providers';
import type { ItemTimes } from '../output/item-times.js';
import type { OpenWorkflow } from '../output/open-workflow.js';
import { TURN_BOUNDS, TurnTooLargeError } from '../output/turn-bounds.js';
import type { EventSink } from '../output/turn-output.js';
import { ImageWriter } from './image-writer.js';
import { MessageWriter } from './message-writer.js';
import { ThoughtWriter } from './thought-writer.js';

/** A call that the model asked for; `arguments` is the raw text as streamed. */
export interface ToolCall {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  arguments: string;
}

interface Text {
  readonly type: 'text';
  text: string;
}

export interface ModelEventsDeps {
  readonly sink: EventSink;
  readonly workflow: OpenWorkflow;
  readonly threadId: string;
  readonly times: ItemTimes;
  /** What the answer may cite as `[n]`. */
  readonly documents: readonly ModelDocument[];
  /** Previews that an image model was asked for; 0 when that is unknown. */
  readonly imagePreviews: number;
  /** Called for what the request asked for and the model did not get. */
  readonly onWarning: (warning: Warning) => Promise<void> | undefined;
  /** Called for each annotation that a part of a message has no place for any more. */
  readonly onLostAnnotation: () => Promise<void> | undefined;
}

/**
 * Translates the parts of one model call into the events of the protocol: text into assistant messages [GF-2],
 * thoughts into a reasoning workflow [GF-11], pictures into image items [GF-13]. The one place that knows both
 * parts and events. `accept` returns a promise only where something must be awaited.
 */
export class ModelEvents {
  finish: FinishReason | undefined;
  firstTextAt: Date | undefined;
  /** Nothing says that the answer is whole. */
  isUnclear = false;
  /** What the provider sent beside the answer. */
  extra: ExtraFields | undefined;
  /** What the model answered and asked for, in its order, for the prompt of the next call. */
  readonly content: (Text | ToolCall | ReasoningPart)[] = [];
  readonly toolCalls: ToolCall[] = [];

  private message: MessageWriter | undefined;
  /** Messages of this call, by id. */
  private readonly shown: string[] = [];
  private readonly openCalls = new Map<string, ToolCall>();
  private readonly thoughts: ThoughtWriter;
  private readonly images: ImageWriter;

  constructor(private readonly deps: ModelEventsDeps) {
    this.thoughts = new ThoughtWriter(deps.workflow);
    this.images = new ImageWriter(deps.sink, deps.threadId, deps.times, deps.imagePreviews);
  }

  accept(part: StreamPart): Promise<void> | undefined {
    switch (part.type) {
      case 'text-delta':
        this.firstTextAt ??= this.deps.times.clock.now();
        this.remember(part.text);
        return this.message?.append(part.id, part.text);
      case 'text-start':
        return this.startText(part.id, part.messageId);
      case 'text-end':
        return this.message?.endPart(part.id);
      case 'reasoning-start':
        return this.startThought(part.id);
      case 'reasoning-delta':
        return this.thoughts.append(part.id, part.text);
      case 'reasoning-end':
        return this.thoughts.end(part.id);
      case 'tool-call-start':
        this.startCall(part.id, { type: 'tool-call', callId: part.callId, name: part.name, arguments: '' });
        return undefined;
      case 'tool-call-delta':
        this.growCall(part.id, part.arguments);
        return undefined;
      case 'tool-call-end':
        return undefined;
      case 'source':
        return this.message?.cite(part.source, part.id);
      case 'image-start':
      case 'image-preview':
      case 'image-end':
      case 'image-failed':
        return this.showImage(part);
      case 'reasoning-replay':
        this.content.push(part.reasoning);
        return undefined;
      case 'discard':
        return this.discard();
      case 'usage':
        return undefined;
      case 'warning':
        this.isUnclear ||= part.warning.code === 'unclear_finish';
        return this.deps.onWarning(part.warning);
      case 'finish':
        this.finish = part.reason;
        this.extra = part.extra;
        return undefined;
      default:
        return part satisfies never;
    }
  }

  /** Finishes what the call has left open. `isLast`: no further model call follows. */
  async end(isLast: boolean): Promise<void> {
    await this.thoughts.endAll();
    const { message } = this;
    this.message = undefined;
    if (!message) return;
    await message.endParts();
    const event = { type: 'thread.item.done', item: message.item } as const;
    await (isLast ? this.deps.sink.emitLast(event) : this.deps.sink.emit(event));
  }

  private async startText(blockId: string, messageId: string | undefined): Promise<void> {
    if (this.message && this.message.modelId !== messageId) await this.endMessage();
    if (!this.message) {
      const { sink, documents, onLostAnnotation } = this.deps;
      this.message = new MessageWriter(sink, newMessage(this.deps), messageId, documents, onLostAnnotation);
      this.shown.push(this.message.item.id);
      await this.message.announce();
    }
    await this.message.startPart(blockId);
  }

  /** A thought or a picture in the middle of the text: what follows it is a message of its own. */
  private async startThought(blockId: string): Promise<void> {
    await this.endMessage();
    await this.thoughts.start(blockId);
  }

  private async showImage(part: Extract<StreamPart, { type: `image-${string}` }>): Promise<void> {
    await this.endMessage();
    await this.images.accept(part);
  }

  private async endMessage(): Promise<void> {
    const { message } = this;
    this.message = undefined;
    if (!message) return;
    await message.endParts();
    await this.deps.sink.emit({ type: 'thread.item.done', item: message.item });
  }

  /** Another model answers from the start: what this call has shown so far is withdrawn [GF-21]. */
  private async discard(): Promise<void> {
    const shown = [...this.thoughts.discard(), ...this.images.discard(), ...this.shown.splice(0)];
    this.message = undefined;
    this.isUnclear = false;
    this.openCalls.clear();
    this.content.length = 0;
    this.toolCalls.length = 0;
    for (const item_id of shown) await this.deps.sink.emit({ type: 'thread.item.removed', item_id });
  }

  private remember(text: string): void {
    const last = this.content.at(-1);
    if (last?.type === 'text') last.text += text;
    else this.content.push({ type: 'text', text });
  }

  private startCall(partId: string, call: ToolCall): void {
    if (this.toolCalls.length >= TURN_BOUNDS.toolCalls) throw new TurnTooLargeError('toolCalls', 'tool calls');
    this.openCalls.set(partId, call);
    this.content.push(call);
    this.toolCalls.push(call);
  }

  private growCall(partId: string, text: string): void {
    const call = this.openCalls.get(partId);
    if (!call) return;
    call.arguments += text;
    if (call.arguments.length > TURN_BOUNDS.argumentChars)
      throw new TurnTooLargeError('argumentChars', `characters of arguments for ${call.name}`);
  }
}

const newMessage = ({ threadId, times }: ModelEventsDeps): AssistantMessageItem => ({
  type: 'assistant_message',
  id: newId('message'),
  thread_id: threadId,
  created_at: times.next(),
  content: [],
});
