import { type Json, list, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import type { ModelCall } from '../../../../spec/language-model.js';
import { ThoughtKeeper } from '../replay.js';
import { ImageList } from './image-list.js';
import { contentOf, reasoningOf, sourcesOf } from './message-fields.js';
import { ToolCallReader } from './tool-call-reader.js';

/** Reads the one message of an answer. A delta and a whole message have the same fields; in a delta nearly always just one is set. */
export class MessageReader {
  readonly #calls: ToolCallReader;
  readonly #thoughts: ThoughtKeeper;
  readonly #images: ImageList;
  /** What was written so far, for servers that send it once more. */
  readonly #text = new Said();
  readonly #thought = new Said();

  constructor(
    private readonly writer: PartWriter,
    private readonly newCallId: () => string,
    private readonly provider: string,
    wantedThoughts: ModelCall['wantedThoughts'],
  ) {
    this.#calls = new ToolCallReader(writer, newCallId, provider);
    this.#thoughts = new ThoughtKeeper(wantedThoughts);
    this.#images = new ImageList(writer, this.newCallId);
  }

  delta(message: Json): void {
    this.#reasoning(reasoningOf(message));
    this.#thoughts.add(message);
    const content = message['content'];
    if (content || message['tool_calls']) this.#replay();
    if (typeof content === 'string') this.#write(content);
    else if (Array.isArray(content)) this.#contentParts(content);
    // A refusal is the answer, in other words.
    if (message['refusal']) this.#write(text(message['refusal']));
    if (message['images']) this.#images.add(list(message['images']));
    if (message['tool_calls']) this.#calls.push(list(message['tool_calls']));
    else if (message['function_call']) this.#calls.push([{ index: 0, function: message['function_call'] }]);
    if (message['annotations']) for (const source of sourcesOf(message['annotations'])) this.writer.source(source);
  }

  /** A message in which what was said may be there once more. `isBeside`: the same chunk has a delta, so nothing of it is new text. */
  whole(message: Json, isBeside: boolean): void {
    if (this.#text.length + this.#thought.length === 0 && !this.#calls.hasCalls) return this.delta(message);
    const { reasoning_content: _thought, reasoning: _other, reasoning_details: _details, ...rest } = message;
    const content = this.#text.beyond(text(message['content']), isBeside);
    const thought = this.#thought.beyond(reasoningOf(message), isBeside);
    this.#calls.whole(list(message['tool_calls']));
    this.delta({ ...rest, content, tool_calls: undefined, function_call: undefined, reasoning_content: thought });
  }

  /** No more comes. @returns how many tool calls had something that was of no use */
  finish(): number {
    this.#replay();
    return this.#calls.finish();
  }

  #write(piece: string): void {
    this.#text.add(piece);
    this.writer.text(piece);
  }

  /** Servers that join several thoughts into one stream put a blank line between them, in a delta of its own. */
  #reasoning(piece: string): void {
    if (piece === '') return;
    this.#thought.add(piece);
    this.writer.reasoning(piece);
    if (piece === '\n\n') this.writer.close();
  }

  /** Before what the thoughts have led to. */
  #replay(): void {
    const data = this.#thoughts.take();
    if (data) this.writer.replay(this.provider, data);
  }

  #contentParts(parts: readonly unknown[]): void {
    for (const part of parts) {
      const { kind, text: piece } = contentOf(part);
      if (kind === 'reasoning') this.#reasoning(piece);
      else if (kind === 'image') this.#images.add([part]);
      else this.#write(piece);
    }
  }
}

/** Enough of a text to know it again: to keep all of it would cost every token. */
const HEAD = 256;

/** A text that was written, for servers that send it once more. */
class Said {
  length = 0;
  #head = '';

  add(piece: string): void {
    if (this.length < HEAD) this.#head = (this.#head + piece).slice(0, HEAD);
    this.length += piece.length;
  }

  /** What a whole text holds beyond this one; all of it, when it is another text and nothing else has the new text. */
  beyond(whole: string, isBeside: boolean): string {
    if (whole.length >= this.length && whole.startsWith(this.#head)) return whole.slice(this.length);
    const isPart = whole.length < this.length && this.#head.startsWith(whole.slice(0, HEAD));
    return isBeside || isPart ? '' : whole;
  }
}
